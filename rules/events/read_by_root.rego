# METADATA
# title: The root user reads no secret
# description: >-
#   Nobody can limit what root does, and many may know its password. Reading a secret is no task that needs it.
# scope: package
# custom:
#   id: EVT-011
#   kind: event
#   severity: high
#   events:
#     - "secretsmanager.amazonaws.com:GetSecretValue"
#     - "secretsmanager.amazonaws.com:BatchGetSecretValue"
#   mitre: [T1078.004, T1555.006]
#   topics: [SM-HUMAN-ACCESS]
#   controls:
#     hipaa: ["164.312(a)(2)(i)"]
#     soc2: ["CC6.1", "CC6.2"]
#     pci_dss: ["8.6.1"]
#   remediation:
#     text: >-
#       Find out who used root. Change the value of the secret and the password of root, and lock its credentials
#       away.
package rules.events.read_by_root

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "principal_type", "message": "read by the root user"} if {
	input.resource.principal_type == "Root"
}
