# METADATA
# title: No replica has failed
# description: >-
#   A replica that failed keeps an old value, or none, and shows it only when its region is needed.
# scope: package
# custom:
#   id: SM-012
#   kind: secret
#   severity: high
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   remediation:
#     text: >-
#       Remove what AWS's message names (a secret of the same name there, a key that cannot be used),
#       take the region out of the replication and add it again.
#     command: >-
#       aws secretsmanager remove-regions-from-replication --secret-id {id} --region {region}
#       --remove-replica-regions REPLICA_REGION
package rules.secretsmanager.replica_in_sync

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.unreplicated if count(input.resource.replicas) == 0

violation contains {"attribute": "replica_states", "message": message} if {
	some replica in input.resource.replica_states
	not replica.status in {"InSync", "InProgress"} # SM-022 judges what takes too long
	message := sprintf("its replica in %s is %s%s", [replica.region, replica.status, because(replica)])
}

because(replica) := sprintf(": %s", [replica.message])

because(replica) := "" if not replica.message
