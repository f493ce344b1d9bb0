# METADATA
# title: No rotation function is opened to others
# description: >-
#   Whoever may invoke a rotation function can make it rotate, or answer, as they please. That is so of
#   services too: behind s3.amazonaws.com or apigateway.amazonaws.com is whoever uses them.
# scope: package
# custom:
#   id: EVT-037
#   kind: event
#   severity: high
#   events: ["lambda.amazonaws.com:AddPermission20150331v2"]
#   mitre: [T1098]
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   remediation:
#     text: >-
#       Remove the permission. Only secretsmanager.amazonaws.com of your own account needs one.
#     command: aws lambda get-policy --function-name {name} --region {region}
package rules.events.rotation_function_opened

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_grantee_outside", "message": message} if {
	input.resource.rotation_function
	input.resource.request_grantee_outside
	message := sprintf("%s may invoke a rotation function", [input.resource.request_grantee])
}

violation contains {"attribute": "request_grantee", "message": message} if {
	input.resource.rotation_function
	another_service(input.resource.request_grantee)
	message := sprintf("%s may invoke a rotation function, and only Secrets Manager has to", [input.resource.request_grantee])
}

# Secrets Manager's is the one service that a rotation function is for.
another_service(name) if {
	regex.match(`\.amazonaws\.com(\.cn)?$`, name)
	not startswith(name, "secretsmanager.")
}
