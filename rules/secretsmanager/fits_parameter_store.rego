# METADATA
# title: Secrets use more than a parameter offers
# description: >-
#   A secret that neither rotates nor is replicated nor shared uses nothing that a SecureString of
#   Parameter Store's standard tier lacks, and that costs nothing. It fits if its value is at most 4
#   KB, which a scan does not see. Turning on rotation (SM-001) is better advice where the
#   credential can rotate.
# scope: package
# custom:
#   id: SM-032
#   kind: secret
#   severity: info
#   controls: {}
#   params:
#     monthly_usd:
#       type: string
#       unit: USD a secret and month
#       default: "0.40"
#       why: AWS's list price of a secret in most regions; a standard parameter has no charge
#   remediation:
#     text: >-
#       Turn on rotation if the credential can rotate. If it cannot, consider a SecureString parameter
#       of the standard tier with a customer managed key.
#     hcl: |-
#       resource "aws_secretsmanager_secret_rotation" "NAME" {
#         secret_id           = aws_secretsmanager_secret.NAME.id
#         rotation_lambda_arn = aws_lambda_function.FUNCTION.arn
#         rotation_rules {
#           automatically_after_days = 30
#         }
#       }
#     cloudformation: |-
#       ROTATION:
#         Type: AWS::SecretsManager::RotationSchedule
#         Properties:
#           SecretId: !Ref NAME
#           RotationLambdaARN: !GetAtt FUNCTION.Arn
#           RotationRules:
#             AutomaticallyAfterDays: 30
package rules.secretsmanager.fits_parameter_store

import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains "it rotates" if input.resource.rotation_enabled

not_applicable contains "it is replicated" if count(input.resource.replicas) > 0

not_applicable contains "it is shared by a policy" if input.resource.policy_present

violation contains {"attribute": "rotation_enabled", "message": message} if {
	not input.resource.rotation_enabled
	count(input.resource.replicas) == 0
	not input.resource.policy_present
	message := sprintf("could be a parameter if its value has at most 4 KB, saving %s USD a month", [
		input.params.monthly_usd,
	])
}
