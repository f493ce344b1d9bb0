# METADATA
# title: Every replica has its primary
# description: >-
#   A replica takes its value from the primary. One whose primary is gone keeps the last value for
#   ever: it is not rotated, and it cannot be changed until it is promoted.
# scope: package
# custom:
#   id: SM-020
#   kind: secret
#   severity: high
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   remediation:
#     action: promote-replica
#     text: >-
#       Promote the replica to a secret of its own, or remove it if nobody reads it.
#     command: >-
#       aws secretsmanager stop-replication-to-replica --secret-id {id} --region {region}
package rules.secretsmanager.replica_has_primary

import data.lib.secret

not_applicable contains "not a replica" if not input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

violation contains {"attribute": "replica_of", "message": message} if {
	input.related.primary.exists == false
	message := sprintf("its primary in %s does not exist", [input.resource.primary_region])
}
