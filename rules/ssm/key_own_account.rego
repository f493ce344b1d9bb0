# METADATA
# title: The key behind a SecureString belongs to its account
# description: >-
#   Whoever owns the key decides who reads the parameter, and can take it away from everybody by
#   disabling the key. Of a key in another account nothing but its owner is known here.
# scope: package
# custom:
#   id: SSM-008
#   kind: parameter
#   severity: medium
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["3.6.1"]
#   params:
#     trusted_accounts:
#       type: strings
#       default: []
#       why: which accounts keep keys for others is for you to say
#   remediation:
#     text: >-
#       Write the parameter again with a customer managed key of its own account, or add the key's
#       account to trusted_accounts with a reason.
#     command: >-
#       aws ssm put-parameter --name {name} --region {region} --type SecureString --overwrite --key-id
#       KEY_ARN --value file://value.txt
#     hcl: |-
#       resource "aws_ssm_parameter" "NAME" {
#         key_id = aws_kms_key.KEY.arn
#       }
package rules.ssm.key_own_account

import data.lib.keys

not_applicable contains "not a SecureString" if input.resource.type != "SecureString"

not_applicable contains keys.default_key if input.resource.default_key

violation contains {"attribute": "kms_key", "message": message} if {
	owner := input.resource.key_account
	owner != input.resource.account
	not owner in input.params.trusted_accounts
	message := sprintf("its key belongs to account %s", [owner])
}
