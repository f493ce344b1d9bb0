# METADATA
# title: Secrets that should rotate have done so
# description: >-
#   Rotation that is on and never happened leaves the value that somebody typed when the secret was
#   made. A change of a tag hides that from SM-003, which goes by the last change of any kind; this
#   rule goes by the age of the secret.
# scope: package
# custom:
#   id: SM-016
#   kind: secret
#   severity: medium
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   params:
#     grace_days:
#       type: integer
#       unit: days
#       default: 7
#       why: time to connect a new secret before its first rotation; AWS gives no date on which rotation was turned on
#   remediation:
#     text: >-
#       Rotate the secret now, and find out why that did not happen before: from the rotation function's
#       log or, of a secret that a service manages, from that service.
#     command: >-
#       aws secretsmanager rotate-secret --secret-id {id} --region {region}
package rules.secretsmanager.never_rotated

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

not_applicable contains "rotation has no schedule, which SM-002 judges" if not input.resource.rotation_interval_days

not_applicable contains "it has not changed for longer than its schedule, which SM-003 judges" if {
	input.resource.last_changed_days_ago > limit
}

violation contains {"attribute": "last_rotated_days_ago", "message": message} if {
	not input.resource.last_rotated_days_ago
	input.resource.created_days_ago > limit
	message := sprintf("never rotated since it was made %s ago, the schedule says every %s", [
		text.days(input.resource.created_days_ago),
		text.days(input.resource.rotation_interval_days),
	])
}

limit := input.resource.rotation_interval_days + input.params.grace_days
