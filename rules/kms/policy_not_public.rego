# METADATA
# title: No key is open to the public
# description: >-
#   A key policy that lets any principal in, without a condition that narrows it to fixed values,
#   lets every AWS account use the key.
# scope: package
# custom:
#   id: KMS-003
#   kind: key
#   severity: critical
#   topics: [KMS-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1", "CC6.6"]
#     pci_dss: ["3.6.1"]
#   remediation:
#     text: Name the principals that need the key in its policy.
#     command: aws kms put-key-policy --key-id {id} --region {region} --policy-name default --policy file://policy.json
#     hcl: |-
#       resource "aws_kms_key" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [
#           { Effect = "Allow", Principal = { AWS = "arn:aws:iam::ACCOUNT:root" }, Action = "kms:*", Resource = "*" },
#           { Effect = "Allow", Principal = { AWS = aws_iam_role.USER.arn }, Action = "kms:Decrypt", Resource = "*" },
#         ] })
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::KMS::Key
#         Properties:
#           KeyPolicy:
#             Version: "2012-10-17"
#             Statement:
#               - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "kms:*", Resource: "*"}
#               - {Effect: Allow, Principal: {AWS: !GetAtt USER.Arn}, Action: "kms:Decrypt", Resource: "*"}
package rules.kms.policy_not_public

import data.lib.keys
import data.lib.policy

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

violation contains {"attribute": "policy_public", "message": message} if {
	input.resource.policy_public
	message := policy.lets_anyone_in(input.resource.policy_statements)
}
