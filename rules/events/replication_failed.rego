# METADATA
# title: No replication fails
# description: >-
#   Secrets Manager says itself that it could not replicate a secret. The replica is missing, or holds an old value.
# scope: package
# custom:
#   id: EVT-010
#   kind: event
#   severity: high
#   events: ["secretsmanager.amazonaws.com:ReplicationFailed"]
#   topics: [SM-REPLICATION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(B)", "164.308(a)(7)(ii)(C)"]
#     soc2: ["A1.2", "CC7.5"]
#   remediation:
#     text: >-
#       Read the status of the replica, mend the cause (often its key, or a secret of the same name), and replicate
#       again.
#     command: aws secretsmanager describe-secret --secret-id {id} --region {region}
package rules.events.replication_failed

violation contains {"attribute": "message", "message": message} if {
	message := sprintf("replication failed: %s", [reason])
}

default reason := "no reason is given"

reason := input.resource.message
