# METADATA
# title: Replication comes to an end
# description: >-
#   AWS replicates within minutes. A replica that is still in progress long after the last change
#   does not hold the current value. The last change of any kind says how long that is at least.
# scope: package
# custom:
#   id: SM-022
#   kind: secret
#   severity: medium
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   params:
#     grace_days:
#       type: integer
#       unit: days
#       default: 1
#       why: replication takes minutes, and the last change may have been within this day
#   remediation:
#     text: >-
#       Take the region out of the replication and add it again; look for a key there that cannot be
#       used.
#     command: >-
#       aws secretsmanager describe-secret --secret-id {id} --region {region} --query
#       ReplicationStatus
package rules.secretsmanager.replication_finishes

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.unreplicated if count(input.resource.replicas) == 0

violation contains {"attribute": "replica_states", "message": message} if {
	some replica in input.resource.replica_states
	replica.status == "InProgress"
	input.resource.last_changed_days_ago >= input.params.grace_days
	message := sprintf("its replica in %s is InProgress, though nothing has changed for %s", [
		replica.region,
		text.days(input.resource.last_changed_days_ago),
	])
}
