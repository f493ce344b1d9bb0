# METADATA
# title: No secret is open to the public
# description: >-
#   A resource policy that lets any principal in, without a condition that narrows it to fixed
#   values, opens the secret to every AWS account.
# scope: package
# custom:
#   id: SM-009
#   kind: secret
#   severity: critical
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   remediation:
#     action: block-public-policy
#     text: Name the principals that need the secret; with --block-public-policy AWS refuses a policy that is open.
#     command: >-
#       aws secretsmanager put-resource-policy --secret-id {id} --region {region}
#       --resource-policy file://policy.json --block-public-policy
#     hcl: |-
#       resource "aws_secretsmanager_secret_policy" "NAME" {
#         block_public_policy = true
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect    = "Allow"
#           Principal = { AWS = aws_iam_role.READER.arn }
#           Action    = "secretsmanager:GetSecretValue"
#           Resource  = "*"
#         }] })
#       }
#     cloudformation: |-
#       POLICY:
#         Type: AWS::SecretsManager::ResourcePolicy
#         Properties:
#           BlockPublicPolicy: true
#           ResourcePolicy:
#             Version: "2012-10-17"
#             Statement:
#               - Effect: Allow
#                 Principal: {AWS: !GetAtt READER.Arn}
#                 Action: secretsmanager:GetSecretValue
#                 Resource: "*"
package rules.secretsmanager.policy_not_public

import data.lib.policy
import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

violation contains {"attribute": "policy_public", "message": message} if {
	input.resource.policy_public
	message := policy.lets_anyone_in(input.resource.policy_statements)
}
