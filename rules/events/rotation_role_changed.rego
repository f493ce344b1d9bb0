# METADATA
# title: No rotation function gets another role unnoticed
# description: >-
#   With another role the function may no longer rotate, or may do much more than rotate.
# scope: package
# custom:
#   id: EVT-036
#   kind: event
#   severity: medium
#   events: ["lambda.amazonaws.com:UpdateFunctionConfiguration20150331v2"]
#   mitre: [T1098.003]
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   remediation:
#     text: >-
#       Make sure that the role is the one that was released, and that it may rotate its secrets and nothing else.
#     command: aws lambda get-function-configuration --function-name {name} --region {region}
package rules.events.rotation_role_changed

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_role", "message": message} if {
	input.resource.rotation_function
	message := sprintf("a rotation function got the role %s", [input.resource.request_role])
}
