# METADATA
# title: Rotation happens when it is due
# description: >-
#   A schedule is a promise, not a rotation. When rotation fails AWS tries again several times and
#   then leaves the old value in use. That holds for the secrets of AWS services too: one that has lost
#   the key, or whose database is stopped, no longer rotates its secret.
# scope: package
# custom:
#   id: SM-003
#   kind: secret
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
#       default: 0
#       why: AWS gives the latest time at which the next rotation happens, so any moment past it is late
#   remediation:
#     text: >-
#       Find out why it fails, from the rotation function's log or, of a secret that a service manages, from
#       that service; mend that, and rotate now.
#     command: aws secretsmanager rotate-secret --secret-id {id} --region {region}
package rules.secretsmanager.rotation_overdue

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

# NextRotationDate stays in the past when rotation does not succeed (DescribeSecret).
violation contains {"attribute": "next_rotation_in_days", "message": message} if {
	late := 0 - input.resource.next_rotation_in_days # days begun since the rotation was due
	late > input.params.grace_days
	message := sprintf("a rotation is overdue for %s", [text.days(late)])
}

# A secret that changes in no way for longer than its schedule says was not rotated. A change of any
# kind is enough to excuse it here: it may be a value put by hand, which AWS counts as a rotation, or
# a new schedule.
violation contains {"attribute": "last_rotated_days_ago", "message": message} if {
	input.resource.last_changed_days_ago > limit
	not rotated_in_time
	message := sprintf("neither rotated nor changed for %s, the schedule says every %s", [
		text.days(input.resource.last_changed_days_ago),
		text.days(input.resource.rotation_interval_days),
	])
}

limit := input.resource.rotation_interval_days + input.params.grace_days

rotated_in_time if input.resource.last_rotated_days_ago <= limit
