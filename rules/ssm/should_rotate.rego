# METADATA
# title: SecureString parameters are changed at times
# description: >-
#   Parameter Store does not rotate. A SecureString that nobody has changed for long is most likely
#   a credential that rotates by itself in Secrets Manager, at a price.
# scope: package
# custom:
#   id: SSM-006
#   kind: parameter
#   severity: info
#   topics: [SM-ROT-AGE]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.3"]
#   params:
#     max_days:
#       type: integer
#       unit: days
#       default: 365
#       why: what is older than a year is hardly changed by hand as a habit
#     monthly_usd:
#       type: string
#       unit: USD a secret and month
#       default: "0.40"
#       why: AWS's list price of a secret in most regions; a standard parameter has no charge
#   remediation:
#     text: >-
#       Store a new value. If it is a credential that a function can change, keep it in Secrets
#       Manager and turn on rotation.
#     hcl: |-
#       resource "aws_secretsmanager_secret" "SECRET" {
#         kms_key_id = aws_kms_key.KEY.arn
#       }
#       resource "aws_secretsmanager_secret_rotation" "SECRET" {
#         secret_id           = aws_secretsmanager_secret.SECRET.id
#         rotation_lambda_arn = aws_lambda_function.FUNCTION.arn
#         rotation_rules {
#           automatically_after_days = 30
#         }
#       }
#     cloudformation: |-
#       SECRET:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           KmsKeyId: !GetAtt KEY.Arn
#       ROTATION:
#         Type: AWS::SecretsManager::RotationSchedule
#         Properties:
#           SecretId: !Ref SECRET
#           RotationLambdaARN: !GetAtt FUNCTION.Arn
#           RotationRules:
#             AutomaticallyAfterDays: 30
package rules.ssm.should_rotate

import data.lib.text

not_applicable contains "not a SecureString" if input.resource.type != "SecureString"

violation contains {"attribute": "last_modified_days_ago", "message": message} if {
	days := input.resource.last_modified_days_ago
	days > input.params.max_days
	message := sprintf("its value is %s old: as a secret it could rotate, for %s USD a month", [text.days(days), input.params.monthly_usd])
}
