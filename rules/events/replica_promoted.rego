# METADATA
# title: No replica is promoted unnoticed
# description: >-
#   StopReplicationToReplica makes a replica a secret of its own. It no longer follows its primary: after the next
#   rotation it holds an old value.
# scope: package
# custom:
#   id: EVT-009
#   kind: event
#   severity: medium
#   events: ["secretsmanager.amazonaws.com:StopReplicationToReplica"]
#   mitre: [T1490]
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   remediation:
#     text: >-
#       If it was no disaster and no test of one, delete the promoted secret and replicate from the primary again.
package rules.events.replica_promoted

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "name", "message": "the replica became a secret of its own"} if {
	input.resource.name == "StopReplicationToReplica"
}
