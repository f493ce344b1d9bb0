# METADATA
# title: Rotation succeeds in time, as CloudTrail recorded
# description: >-
#   Dates that Secrets Manager keeps move with every change of a value, also one by hand. CloudTrail
#   records each rotation that succeeded, and each that did not.
# scope: package
# custom:
#   id: SM-034
#   kind: secret
#   needs: events
#   severity: high
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   params:
#     grace_days:
#       type: integer
#       unit: days
#       default: 1
#       why: "a rotation may begin anywhere in its window, and takes its time"
#   remediation:
#     text: >-
#       Find out from the rotation function's log why it fails, mend that, and rotate now.
#     command: aws secretsmanager rotate-secret --secret-id {id} --region {region}
package rules.secretsmanager.rotation_recorded

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

not_applicable contains "it has no schedule" if {
	input.resource.rotation_enabled
	not input.resource.rotation_interval_days
}

violation contains {"attribute": "rotation_failing", "message": "the last rotation failed or was abandoned"} if {
	input.resource.rotation_failing
}

violation contains {"attribute": "unrotated_days_at_least", "message": late(days)} if {
	days := input.resource.unrotated_days_at_least
	days > limit
}

# Where the record is shorter than the schedule, this leaves it open.
violation contains {"attribute": "unrotated_days_at_least", "message": late(days)} if {
	days := input.resource.last_rotation_event_days_ago
	days > limit
}

late(days) := sprintf("no rotation succeeded in %s, the schedule says every %s", [
	text.days(days), text.days(input.resource.rotation_interval_days),
])

limit := input.resource.rotation_interval_days + input.params.grace_days
