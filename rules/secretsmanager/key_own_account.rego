# METADATA
# title: The key behind a secret belongs to its account
# description: >-
#   Whoever owns the key decides who reads the secret, and can take it away from everybody by
#   disabling the key. Of a key in another account nothing but its owner is known here.
# scope: package
# custom:
#   id: SM-031
#   kind: secret
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
#       Encrypt the secret with a customer managed key of its own account, or add the key's account to
#       trusted_accounts with a reason.
#     command: >-
#       aws secretsmanager update-secret --secret-id {id} --region {region} --kms-key-id KEY_ARN
#     hcl: |-
#       resource "aws_secretsmanager_secret" "NAME" {
#         kms_key_id = aws_kms_key.KEY.arn
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           KmsKeyId: !GetAtt KEY.Arn
package rules.secretsmanager.key_own_account

import data.lib.keys
import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains keys.default_key if input.resource.default_key

violation contains {"attribute": "kms_key", "message": message} if {
	owner := input.resource.key_account
	owner != input.resource.account
	not owner in input.params.trusted_accounts
	message := sprintf("its key belongs to account %s", [owner])
}
