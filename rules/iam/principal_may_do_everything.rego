# METADATA
# title: No user, group or role may do everything
# description: >-
#   Whoever may do everything reads every secret, decrypts with every key and can wipe the trail that
#   would show it. Inline policies and attached policies of AWS's own are judged here, within the
#   permissions boundary; customer managed policies are judged by themselves.
# scope: package
# custom:
#   id: IAM-007
#   kind: principal
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
#     hcl: |-
#       resource "aws_iam_role_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:GetSecretValue", "kms:Decrypt"]
#           Resource = [aws_secretsmanager_secret.SECRET.arn, aws_kms_key.KEY.arn]
#         }] })
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::IAM::RolePolicy
#         Properties:
#           PolicyDocument:
#             Version: "2012-10-17"
#             Statement:
#               - Effect: Allow
#                 Action: ["secretsmanager:GetSecretValue", "kms:Decrypt"]
#                 Resource: [!Ref SECRET, !GetAtt KEY.Arn]
package rules.iam.principal_may_do_everything

import data.lib.grants

not_applicable contains grants.service_linked if input.resource.service_linked

violation contains {"attribute": "admin_grants", "message": message} if {
	some grant in grants.wide(input.resource.admin_grants, input.params.accepted_conditions)
	message := grants.message(grant)
}
