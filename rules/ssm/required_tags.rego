# METADATA
# title: Parameters carry the required tags
# description: >-
#   Without an owner and a classification nobody can say who must act when a parameter leaks, or how
#   much it matters.
# scope: package
# custom:
#   id: SSM-003
#   kind: parameter
#   severity: low
#   controls:
#     soc2: ["CC6.1"]
#   params:
#     tags:
#       type: strings
#       default: [owner, env, data-classification]
#       why: who answers for it, where it belongs, and how sensitive it is
#   remediation:
#     action: add-tags
#     text: Add the tags that are missing.
#     command: >-
#       aws ssm add-tags-to-resource --resource-type Parameter --resource-id {name} --region {region}
#       --tags Key=owner,Value=TEAM
#     hcl: |-
#       resource "aws_ssm_parameter" "NAME" {
#         tags = {
#           owner               = "TEAM"
#           env                 = "ENVIRONMENT"
#           data-classification = "CLASS"
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SSM::Parameter
#         Properties:
#           Tags:
#             owner: TEAM
#             env: ENVIRONMENT
#             data-classification: CLASS
package rules.ssm.required_tags

import data.lib.tags

violation contains {"attribute": "tags", "message": message} if {
	missing := tags.missing(input.resource.tag_keys, input.params.tags)
	count(missing) > 0
	message := sprintf("tags are missing: %s", [concat(", ", missing)])
}
