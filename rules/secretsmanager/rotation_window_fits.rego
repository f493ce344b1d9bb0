# METADATA
# title: The rotation window is long enough for the function
# description: >-
#   A rotation calls its function several times, and each call may take as long as the function's timeout. A window
#   that all calls together can fill leaves no time to try again before it closes.
# scope: package
# custom:
#   id: SM-015
#   kind: secret
#   severity: low
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   params:
#     calls:
#       type: integer
#       unit: calls
#       default: 4
#       why: a rotation has four steps, each a call of its own - createSecret, setSecret, testSecret and finishSecret
#   remediation:
#     text: Make the window longer, or the function's timeout shorter.
#     command: >-
#       aws secretsmanager rotate-secret --secret-id {id} --region {region} --no-rotate-immediately
#       --rotation-rules Duration=3h,ScheduleExpression=SCHEDULE
#     hcl: |-
#       resource "aws_secretsmanager_secret_rotation" "NAME" {
#         rotation_rules {
#           schedule_expression = "rate(30 days)"
#           duration            = "3h"
#         }
#       }
#     cloudformation: |-
#       ROTATION:
#         Type: AWS::SecretsManager::RotationSchedule
#         Properties:
#           RotationRules:
#             ScheduleExpression: rate(30 days)
#             Duration: 3h
package rules.secretsmanager.rotation_window_fits

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

not_applicable contains secret.no_function if not input.resource.rotation_function

not_applicable contains "AWS chooses the window" if not input.resource.rotation_window_hours

not_applicable contains "its rotation function does not exist, which SM-005 judges" if {
	input.related.rotation_function.exists == false
}

not_applicable contains "its rotation function has no such version or alias, which SM-005 judges" if {
	input.resource.rotation_qualifier in input.related.rotation_function.missing_qualifiers
}

violation contains {"attribute": "rotation_window_hours", "message": message} if {
	seconds := input.related.rotation_function.timeout_seconds
	hours := input.resource.rotation_window_hours
	input.params.calls * seconds >= hours * 3600
	message := sprintf(
		"its window of %s has no time to spare: %d calls of its function can take %d seconds each",
		[text.hours(hours), input.params.calls, seconds],
	)
}
