# METADATA
# title: No customer managed policy allows everything
# description: >-
#   Whoever may do everything reads every secret, decrypts with every key and can wipe the trail that
#   would show it. The default version is judged, also when nothing is attached to it.
# scope: package
# custom:
#   id: IAM-001
#   kind: iam_policy
#   severity: high
#   topics: [IAM-KMS-WILDCARD, IAM-SECRETS-WILDCARD]
#   controls:
#     hipaa: ["164.308(a)(4)(ii)(B)"]
#     soc2: ["CC6.3"]
#     pci_dss: ["7.2.5", "3.6.1.3"]
#   params:
#     accepted_conditions:
#       type: strings
#       default: []
#       why: which conditions make it acceptable, such as aws:multifactorauthpresent, is for you to say
#   remediation:
#     text: >-
#       Allow the services and resources that the work needs. Keep one administrator role for emergencies,
#       alarm on its use, and waive this finding for it with a reason and an owner.
#     command: aws iam get-policy --policy-arn {id}
#     hcl: |-
#       resource "aws_iam_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:GetSecretValue", "kms:Decrypt"]
#           Resource = [aws_secretsmanager_secret.SECRET.arn, aws_kms_key.KEY.arn]
#         }] })
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::IAM::ManagedPolicy
#         Properties:
#           PolicyDocument:
#             Version: "2012-10-17"
#             Statement:
#               - Effect: Allow
#                 Action: ["secretsmanager:GetSecretValue", "kms:Decrypt"]
#                 Resource: [!Ref SECRET, !GetAtt KEY.Arn]
package rules.iam.policy_allows_everything

import data.lib.grants

not_applicable contains grants.bounds if grants.only_bounds(input.resource.attachment_count, input.resource.boundary_count)

violation contains {"attribute": "admin_grants", "message": message} if {
	some grant in grants.wide(input.resource.admin_grants, input.params.accepted_conditions)
	message := concat("", [grants.message(grant), grants.attached(input.resource.attachment_count)])
}
