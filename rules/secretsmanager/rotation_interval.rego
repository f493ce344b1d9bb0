# METADATA
# title: Secrets rotate often enough
# description: >-
#   The schedule decides how long a leaked value is of use. Days, rate() and cron() schedules are
#   all judged by the longest time that they leave between two rotations. So are those of secrets that a
#   service made: the service rotates them by a schedule that the customer can change.
# scope: package
# custom:
#   id: SM-002
#   kind: secret
#   severity: medium
#   topics: [SM-ROT-PERIOD]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.3", "12.3.1"]
#   params:
#     max_days:
#       type: integer
#       unit: days
#       default: 90
#       why: AWS Config's rule on rotation allows 90 days; PCI DSS 8.6.3 leaves the period to your risk analysis
#   remediation:
#     action: enable-rotation
#     text: Shorten the rotation schedule.
#     command: >-
#       aws secretsmanager rotate-secret --secret-id {id} --region {region}
#       --rotation-rules AutomaticallyAfterDays=30 --no-rotate-immediately
#     hcl: |-
#       resource "aws_secretsmanager_secret_rotation" "NAME" {
#         rotation_rules {
#           automatically_after_days = 30
#         }
#       }
#     cloudformation: |-
#       ROTATION:
#         Type: AWS::SecretsManager::RotationSchedule
#         Properties:
#           RotationRules:
#             AutomaticallyAfterDays: 30
package rules.secretsmanager.rotation_interval

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

violation contains {"attribute": "rotation_interval_days", "message": message} if {
	days := input.resource.rotation_interval_days
	days > input.params.max_days
	message := sprintf("rotates every %s, allowed are %d", [text.days(days), input.params.max_days])
}

violation contains {"attribute": "rotation_interval_days", "message": "rotation is on but has no schedule"} if {
	not input.resource.rotation_interval_days
}
