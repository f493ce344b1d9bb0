# METADATA
# title: No rotation is abandoned
# description: >-
#   Secrets Manager gave up a rotation that had begun, because somebody stored a new value by hand. The system
#   behind the secret may have either value.
# scope: package
# custom:
#   id: EVT-007
#   kind: event
#   severity: medium
#   events: ["secretsmanager.amazonaws.com:RotationAbandoned"]
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   remediation:
#     text: >-
#       Check that the value of the secret still opens the system behind it, and rotate it.
#     command: aws secretsmanager rotate-secret --secret-id {id} --region {region}
package rules.events.rotation_abandoned

violation contains {"attribute": "name", "message": "a rotation that had begun was abandoned"} if {
	input.resource.name == "RotationAbandoned"
}
