# METADATA
# title: No rotation is cancelled
# description: >-
#   CancelRotateSecret turns automatic rotation off. The value stays as it is from then on, and whoever knows it
#   goes on knowing it.
# scope: package
# custom:
#   id: EVT-005
#   kind: event
#   severity: high
#   events: ["secretsmanager.amazonaws.com:CancelRotateSecret"]
#   mitre: [T1098]
#   topics: [SM-ROT-ENABLED]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)", "164.308(a)(4)(ii)(B)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.3"]
#   remediation:
#     text: >-
#       Turn rotation on again, and find out why it was cancelled.
#     command: aws secretsmanager rotate-secret --secret-id {id} --region {region}
package rules.events.rotation_cancelled

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "name", "message": "automatic rotation was cancelled"} if {
	input.resource.name == "CancelRotateSecret"
}
