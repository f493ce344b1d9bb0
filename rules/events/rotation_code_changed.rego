# METADATA
# title: No rotation function is changed unnoticed
# description: >-
#   A rotation function sees every new value in plain text. Whoever changes its code can send the values elsewhere.
# scope: package
# custom:
#   id: EVT-035
#   kind: event
#   severity: high
#   events: ["lambda.amazonaws.com:UpdateFunctionCode20150331v2"]
#   mitre: [T1648]
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   remediation:
#     text: >-
#       Compare the code with what was released, and deploy that again if they differ. Rotate the secrets then.
#     command: aws lambda get-function --function-name {name} --region {region}
package rules.events.rotation_code_changed

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "rotation_function", "message": "the code of a rotation function was changed"} if {
	input.resource.rotation_function
}
