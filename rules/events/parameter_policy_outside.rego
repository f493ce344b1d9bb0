# METADATA
# title: No policy opened a parameter to an outside account
# description: >-
#   A resource policy that names an account outside those of the scan was attached to a parameter: somebody else
#   decides who reads it. So does one that lets in everyone who comes through a network. The resource shares of
#   AWS RAM, by which parameters are shared mostly, are not among these events: SSM-013 judges what they let in.
# scope: package
# custom:
#   id: EVT-041
#   kind: event
#   severity: high
#   events: ["ssm.amazonaws.com:PutResourcePolicy"]
#   mitre: [T1098, T1537]
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   params:
#     trusted_accounts:
#       type: strings
#       default: []
#       why: which outside accounts are trusted is for you to say
#     trusted_networks:
#       type: strings
#       default: []
#       why: which networks only your own principals can come through is for you to say
#   remediation:
#     text: >-
#       Take the account out of the policy, or add it to trusted_accounts with a reason. Change the value if it
#       should never have been in.
#     command: aws ssm get-resource-policies --resource-arn {id} --region {region}
package rules.events.parameter_policy_outside

import data.lib.event
import data.lib.policy

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_policy_outside", "message": message} if {
	event.about_parameter(input.resource.targets)
	some account in input.resource.request_policy_outside
	not account in input.params.trusted_accounts
	message := sprintf("its new policy lets in %s", [event.outsider(account)])
}

# One that is outside for certain is so whatever nobody could say of others.
violation contains {"attribute": "request_policy_outside", "message": message} if {
	event.about_parameter(input.resource.targets)
	some outsider in input.resource.request_policy_outsiders
	outsider.certain
	not outsider.account in input.params.trusted_accounts
	message := sprintf("its new policy lets in %s%s", [
		event.outsider(outsider.account),
		policy.doubtful(input.resource.request_policy_outsiders, input.params.trusted_accounts),
	])
}

violation contains {"attribute": "request_policy_networks", "message": message} if {
	event.about_parameter(input.resource.targets)
	some network in input.resource.request_policy_networks
	not network in input.params.trusted_networks
	message := sprintf("its new policy lets in %s", [policy.through(network)])
}
