# METADATA
# title: Values that people rotate are changed often enough
# description: >-
#   Where rotation is off somebody has to store a new value by hand. AWS dates the last change of
#   any kind, also of a tag, so a secret that has not changed for long certainly holds an old value.
#   One that has changed since may hold a new value or an old one: without the dates of its
#   versions, which take a call for each secret, that is unknown and never a pass.
# scope: package
# custom:
#   id: SM-017
#   kind: secret
#   severity: medium
#   topics: [SM-ROT-AGE]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.3"]
#   params:
#     max_days:
#       type: integer
#       unit: days
#       default: 90
#       why: AWS's control SecretsManager.4 asks for a rotation within 90 days; PCI DSS 8.6.3 leaves the period to your risk analysis
#   remediation:
#     text: >-
#       Store a new value and change the credential where it is valid, or turn on automatic rotation.
#     command: >-
#       aws secretsmanager put-secret-value --secret-id {id} --region {region} --secret-string
#       file://value.txt
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
package rules.secretsmanager.manual_value_age

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains "rotation is on, which SM-003 judges" if input.resource.rotation_enabled

not_applicable contains message if {
	days := input.resource.created_days_ago
	days <= input.params.max_days
	message := sprintf("made %s ago, so its value is no older", [text.days(days)])
}

violation contains {"attribute": "last_changed_days_ago", "message": message} if {
	days := input.resource.last_changed_days_ago
	days > input.params.max_days
	message := sprintf("not changed in any way for %s, so its value is no younger; allowed are %d", [
		text.days(days),
		input.params.max_days,
	])
}

violation contains {"attribute": "value_days_ago", "message": message} if {
	input.resource.last_changed_days_ago <= input.params.max_days
	days := input.resource.value_days_ago
	days > input.params.max_days
	message := sprintf("its value is %s old, allowed are %d", [text.days(days), input.params.max_days])
}
