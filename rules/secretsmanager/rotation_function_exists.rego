# METADATA
# title: The rotation function exists
# description: >-
#   Deleting a function, or the version or alias that the secret names, does not turn off the rotations that
#   use it. The secret still looks as if it rotates, and never does.
# scope: package
# custom:
#   id: SM-005
#   kind: secret
#   severity: high
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   remediation:
#     action: enable-rotation
#     text: Deploy the rotation function again, or name another one.
#     command: >-
#       aws secretsmanager rotate-secret --secret-id {id} --region {region}
#       --rotation-lambda-arn FUNCTION_ARN --no-rotate-immediately
#     hcl: |-
#       resource "aws_secretsmanager_secret_rotation" "NAME" {
#         rotation_lambda_arn = aws_lambda_function.FUNCTION.arn # not a literal, so that the function outlives the rotation
#       }
#     cloudformation: |-
#       ROTATION:
#         Type: AWS::SecretsManager::RotationSchedule
#         Properties:
#           RotationLambdaARN: !GetAtt FUNCTION.Arn # not a literal, so that the function outlives the rotation
package rules.secretsmanager.rotation_function_exists

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

not_applicable contains secret.no_function if not input.resource.rotation_function

violation contains {"attribute": "rotation_function", "message": "its rotation function does not exist"} if {
	input.related.rotation_function.exists == false
}

violation contains {"attribute": "rotation_qualifier", "message": message} if {
	input.resource.rotation_qualifier in input.related.rotation_function.missing_qualifiers
	message := sprintf("its rotation function has no version or alias %s", [input.resource.rotation_qualifier])
}
