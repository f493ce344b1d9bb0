# METADATA
# title: No outside account holds a grant on a key
# description: >-
#   A grant gives the use of a key beside its policy, and whoever reads the policy alone does not see
#   it.
# scope: package
# custom:
#   id: KMS-006
#   kind: key
#   severity: high
#   topics: [KMS-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1", "CC6.6"]
#     pci_dss: ["3.6.1"]
#   params:
#     trusted_accounts:
#       type: strings
#       default: []
#       why: which outside accounts are trusted is for you to say
#   remediation:
#     text: Revoke the grant, or add the account to trusted_accounts with a reason.
#     command: aws kms list-grants --key-id {id} --region {region}
#     hcl: |-
#       resource "aws_kms_grant" "NAME" {
#         grantee_principal = aws_iam_role.USER.arn # of this account
#       }
package rules.kms.grants_no_outside_account

import data.lib.keys
import data.lib.policy

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

violation contains {"attribute": "grant_outside_accounts", "message": message} if {
	some account in input.resource.grant_outside_accounts
	not account in input.params.trusted_accounts
	message := sprintf("%s, holds a grant", [policy.outsider(account)])
}

# One that is outside for certain is so whatever nobody could say of others.
violation contains {"attribute": "grant_outside_accounts", "message": message} if {
	some outsider in input.resource.grant_outsiders
	outsider.certain
	not outsider.account in input.params.trusted_accounts
	message := sprintf("%s, holds a grant%s", [
		policy.outsider(outsider.account),
		policy.doubtful(input.resource.grant_outsiders, input.params.trusted_accounts),
	])
}
