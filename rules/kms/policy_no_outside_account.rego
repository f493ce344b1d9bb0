# METADATA
# title: No key is open to an outside account
# description: >-
#   A key policy that names an account which is neither the owner's, nor of its organization, nor
#   trusted, lets that account's administrators decide who decrypts. One that lets in everyone who
#   comes through a network, as aws:SourceVpce does alone, is not public by AWS's definition, and yet
#   lets in principals of every account that get there.
# scope: package
# custom:
#   id: KMS-004
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
#     trusted_networks:
#       type: strings
#       default: []
#       why: which networks only your own principals can come through is for you to say
#   remediation:
#     text: >-
#       Take the account out of the key policy, or add it to trusted_accounts with a reason. Where only
#       a network is named, say who calls as well, with aws:PrincipalOrgID or aws:PrincipalAccount.
#     command: aws kms get-key-policy --key-id {id} --region {region} --policy-name default
#     hcl: |-
#       resource "aws_kms_key" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [
#           { Effect = "Allow", Principal = { AWS = "arn:aws:iam::OWN_ACCOUNT:root" }, Action = "kms:*", Resource = "*" },
#         ] })
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::KMS::Key
#         Properties:
#           KeyPolicy:
#             Version: "2012-10-17"
#             Statement:
#               - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
package rules.kms.policy_no_outside_account

import data.lib.keys
import data.lib.policy

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

violation contains {"attribute": "outside_accounts", "message": message} if {
	some account in input.resource.outside_accounts
	not account in input.params.trusted_accounts
	message := sprintf("its policy lets in %s", [policy.outsider(account)])
}

# One that is outside for certain is so whatever nobody could say of others.
violation contains {"attribute": "outside_accounts", "message": message} if {
	some outsider in input.resource.outsiders
	outsider.certain
	not outsider.account in input.params.trusted_accounts
	message := sprintf("its policy lets in %s%s", [
		policy.outsider(outsider.account),
		policy.doubtful(input.resource.outsiders, input.params.trusted_accounts),
	])
}

violation contains {"attribute": "open_networks", "message": message} if {
	some network in input.resource.open_networks
	not network in input.params.trusted_networks
	message := sprintf("its policy lets in %s", [policy.through(network)])
}
