# METADATA
# title: No replica is removed unnoticed
# description: >-
#   A secret was taken out of a region. What runs there, or would run there in a disaster, has no credential.
# scope: package
# custom:
#   id: EVT-008
#   kind: event
#   severity: medium
#   events: ["secretsmanager.amazonaws.com:RemoveRegionsFromReplication"]
#   mitre: [T1490]
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   remediation:
#     text: >-
#       Replicate the secret again, unless nothing in that region needs it.
#     command: aws secretsmanager replicate-secret-to-regions --secret-id {id} --region {region} --add-replica-regions Region=REGION
package rules.events.replica_removed

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_replica_regions", "message": message} if {
	some region in input.resource.request_replica_regions
	message := sprintf("its replica in %s was removed", [region])
}
