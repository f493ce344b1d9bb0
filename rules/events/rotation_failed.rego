# METADATA
# title: No rotation fails
# description: >-
#   Secrets Manager says itself that a rotation, or its test, went wrong. The old value stays in force, or the
#   secret and the system behind it disagree.
# scope: package
# custom:
#   id: EVT-006
#   kind: event
#   severity: high
#   events:
#     - "secretsmanager.amazonaws.com:RotationFailed"
#     - "secretsmanager.amazonaws.com:TestRotationFailed"
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   remediation:
#     text: >-
#       Read the log of the rotation function at that time, mend the cause, and rotate the secret.
#     command: aws secretsmanager rotate-secret --secret-id {id} --region {region}
package rules.events.rotation_failed

violation contains {"attribute": "message", "message": message} if {
	message := sprintf("a rotation failed: %s", [reason])
}

default reason := "no reason is given"

reason := input.resource.message
