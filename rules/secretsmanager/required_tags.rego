# METADATA
# title: Secrets carry the required tags
# description: >-
#   Without an owner and a classification nobody can say who must act when a secret leaks, or how
#   much it matters.
# scope: package
# custom:
#   id: SM-014
#   kind: secret
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
#     command: aws secretsmanager tag-resource --secret-id {id} --region {region} --tags Key=owner,Value=TEAM
#     hcl: |-
#       resource "aws_secretsmanager_secret" "NAME" {
#         tags = {
#           owner               = "TEAM"
#           env                 = "ENVIRONMENT"
#           data-classification = "CLASS"
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::SecretsManager::Secret
#         Properties:
#           Tags:
#             - {Key: owner, Value: TEAM}
#             - {Key: env, Value: ENVIRONMENT}
#             - {Key: data-classification, Value: CLASS}
package rules.secretsmanager.required_tags

import data.lib.secret
import data.lib.tags

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

violation contains {"attribute": "tags", "message": message} if {
	missing := tags.missing(input.resource.tag_keys, input.params.tags)
	count(missing) > 0
	message := sprintf("tags are missing: %s", [concat(", ", missing)])
}
