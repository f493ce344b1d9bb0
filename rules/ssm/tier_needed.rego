# METADATA
# title: Advanced parameters need their tier
# description: >-
#   The advanced tier is for values above 4 KB, for parameter policies, for sharing with other accounts
#   and for more than 10,000 parameters. A parameter without policies that nobody shares needs it for its
#   size or its number only, which a scan does not see. A parameter cannot go back to the standard tier;
#   it has to be made again.
# scope: package
# custom:
#   id: SSM-005
#   kind: parameter
#   severity: info
#   controls: {}
#   params:
#     monthly_usd:
#       type: string
#       unit: USD a parameter and month
#       default: "0.05"
#       why: AWS's list price of an advanced parameter in most regions
#   remediation:
#     text: >-
#       If the value has at most 4 KB, delete the parameter and make it again in the standard tier.
#     hcl: |-
#       resource "aws_ssm_parameter" "NAME" {
#         tier = "Standard" # Terraform deletes the parameter and makes it again
#       }
#     cloudformation: |-
#       # a parameter does not go back to the standard tier: make another, then delete this one
#       NEWNAME:
#         Type: AWS::SSM::Parameter
#         Properties:
#           Tier: Standard
package rules.ssm.tier_needed

not_applicable contains "not in the advanced tier" if input.resource.tier != "Advanced"

not_applicable contains "it has parameter policies, which need the tier" if count(input.resource.policies) > 0

not_applicable contains "it is shared, which needs the tier" if input.resource.policy_present

violation contains {"attribute": "tier", "message": message} if {
	input.resource.tier == "Advanced"
	count(input.resource.policies) == 0
	not input.resource.policy_present
	message := sprintf("needs the advanced tier only if its value has more than 4 KB: it costs %s USD a month", [
		input.params.monthly_usd,
	])
}
