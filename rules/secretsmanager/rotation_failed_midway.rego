# METADATA
# title: No rotation is left midway
# description: >-
#   A version that is AWSPENDING and never became AWSCURRENT is a rotation that stopped halfway: the
#   new password may already be set where it is used, and AWS refuses the next rotation until the
#   label is gone.
# scope: package
# custom:
#   id: SM-004
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
#       why: a rotation takes minutes, so one seen midway has most likely stopped; 1 excuses those of the last day
#   remediation:
#     text: >-
#       Find out from the rotation function's log which step failed and which value is in use, then
#       rotate again, or take the label AWSPENDING off the unfinished version.
#     command: aws secretsmanager list-secret-version-ids --secret-id {id} --region {region}
package rules.secretsmanager.rotation_failed_midway

import data.lib.secret

# Secrets of services and secrets whose rotation was turned off are judged too:
# both can hold an unfinished version.
not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

violation contains {"attribute": "pending_version", "message": message} if {
	input.resource.pending_version
	not recent
	message := "a rotation was left midway: a version is AWSPENDING and not AWSCURRENT"
}

# A rotation that is under way has just changed the secret. Without a grace the
# day of the change does not matter, nor whether it could be read.
recent if {
	input.params.grace_days > 0
	input.resource.last_changed_days_ago < input.params.grace_days
}
