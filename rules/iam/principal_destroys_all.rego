# METADATA
# title: No user, group or role may delete all secrets or keys
# description: >-
#   A deleted secret stops its applications, and a deleted key takes with it all that was encrypted
#   under it. Few need this, and nobody on everything. Inline policies and attached policies of AWS's
#   own are judged here, within the permissions boundary; customer managed policies are judged by
#   themselves.
# scope: package
# custom:
#   id: IAM-012
#   kind: principal
#   severity: medium
#   topics: [IAM-KMS-WILDCARD, IAM-SECRETS-WILDCARD]
#   controls:
#     hipaa: ["164.308(a)(4)(ii)(B)"]
#     soc2: ["CC6.3"]
#     pci_dss: ["7.2.5"]
#   params:
#     accepted_conditions:
#       type: strings
#       default: []
#       why: which conditions make it acceptable, such as aws:multifactorauthpresent, is for you to say
#   remediation:
#     text: >-
#       Leave secretsmanager:DeleteSecret and kms:ScheduleKeyDeletion to one role, on named resources.
#     command: aws iam simulate-principal-policy --policy-source-arn {id} --action-names secretsmanager:DeleteSecret kms:ScheduleKeyDeletion
#     hcl: |-
#       resource "aws_iam_role_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:DeleteSecret", "kms:ScheduleKeyDeletion"]
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
#                 Action: ["secretsmanager:DeleteSecret", "kms:ScheduleKeyDeletion"]
#                 Resource: [!Ref SECRET, !GetAtt KEY.Arn]
package rules.iam.principal_destroys_all

import data.lib.grants

not_applicable contains grants.service_linked if input.resource.service_linked

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.destroy_grants)

violation contains {"attribute": "destroy_grants", "message": message} if {
	some grant in grants.wide(input.resource.destroy_grants, input.params.accepted_conditions)
	message := grants.message(grant)
}
