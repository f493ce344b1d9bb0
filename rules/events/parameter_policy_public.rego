# METADATA
# title: No policy opened a parameter to the public
# description: >-
#   A resource policy that lets anyone in was attached to a parameter. Even if it was taken back since, the value may
#   have been read meanwhile.
# scope: package
# custom:
#   id: EVT-040
#   kind: event
#   severity: critical
#   events: ["ssm.amazonaws.com:PutResourcePolicy"]
#   mitre: [T1098]
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   remediation:
#     text: >-
#       Delete the policy, look for reads from unknown accounts since, and change the value if it is a credential.
#     command: aws ssm get-resource-policies --resource-arn {id} --region {region}
package rules.events.parameter_policy_public

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_policy_public", "message": "its new policy lets anyone in"} if {
	event.about_parameter(input.resource.targets)
	input.resource.request_policy_public
}
