# METADATA
# title: Secrets rotate automatically
# description: >-
#   A secret that never rotates stays valid after a leak, for as long as nobody notices. Rotation
#   by a function, by the service that owns the secret and by a partner all count.
# scope: package
# custom:
#   id: SM-001
#   kind: secret
#   severity: high
#   topics: [SM-ROT-ENABLED]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)", "164.308(a)(4)(ii)(B)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.3"]
#   remediation:
#     action: enable-rotation
#     text: Turn on automatic rotation with a rotation function that suits the credential.
#     command: >-
#       aws secretsmanager rotate-secret --secret-id {id} --region {region}
#       --rotation-lambda-arn FUNCTION_ARN --rotation-rules AutomaticallyAfterDays=30 --no-rotate-immediately
#     hcl: |-
#       resource "aws_secretsmanager_secret_rotation" "NAME" {
#         secret_id           = aws_secretsmanager_secret.NAME.id
#         rotation_lambda_arn = aws_lambda_function.FUNCTION.arn
#         rotation_rules {
#           automatically_after_days = 30
#         }
#       }
#     cloudformation: |-
#       ROTATION:
#         Type: AWS::SecretsManager::RotationSchedule
#         Properties:
#           SecretId: !Ref NAME
#           RotationLambdaARN: !GetAtt FUNCTION.Arn
#           RotationRules:
#             AutomaticallyAfterDays: 30
package rules.secretsmanager.rotation_enabled

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

violation contains {"attribute": "rotation_enabled", "message": "automatic rotation is off"} if {
	not input.resource.rotation_enabled
}
