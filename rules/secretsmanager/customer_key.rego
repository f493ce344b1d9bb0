# METADATA
# title: Secrets are encrypted with a customer key
# description: >-
#   The key policy of the default key aws/secretsmanager belongs to AWS: nobody can narrow who
#   decrypts with it, share it with another account, or disable it in an emergency.
# scope: package
# custom:
#   id: SM-007
#   kind: secret
#   severity: medium
#   topics: [SM-CMK]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.3.2"]
#   remediation:
#     action: use-customer-key
#     text: Encrypt the secret with a customer managed KMS key.
#     command: aws secretsmanager update-secret --secret-id {id} --region {region} --kms-key-id KEY_ARN
#     hcl: |-
#       resource "aws_secretsmanager_secret" "NAME" {
#         kms_key_id = aws_kms_key.KEY.arn
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           KmsKeyId: !GetAtt KEY.Arn
package rules.secretsmanager.customer_key

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

violation contains {"attribute": "kms_key", "message": "encrypted with the default key aws/secretsmanager"} if {
	input.resource.default_key
}

# A template may name the AWS managed key by its ARN, which does not show what it is.
violation contains {"attribute": "kms_key", "message": "encrypted with a key that AWS manages"} if {
	not input.resource.default_key
	input.related.key.manager == "AWS"
}
