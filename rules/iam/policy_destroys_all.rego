# METADATA
# title: No customer managed policy allows deleting all secrets or keys
# description: >-
#   A deleted secret stops its applications, and a deleted key takes with it all that was encrypted
#   under it. Few need this, and nobody on everything. The default version is judged, also when nothing
#   is attached to it.
# scope: package
# custom:
#   id: IAM-006
#   kind: iam_policy
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
#     command: aws iam get-policy --policy-arn {id}
#     hcl: |-
#       resource "aws_iam_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:DeleteSecret", "kms:ScheduleKeyDeletion"]
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
#                 Action: ["secretsmanager:DeleteSecret", "kms:ScheduleKeyDeletion"]
#                 Resource: [!Ref SECRET, !GetAtt KEY.Arn]
package rules.iam.policy_destroys_all

import data.lib.grants

not_applicable contains grants.bounds if grants.only_bounds(input.resource.attachment_count, input.resource.boundary_count)

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.destroy_grants)

violation contains {"attribute": "destroy_grants", "message": message} if {
	some grant in grants.wide(input.resource.destroy_grants, input.params.accepted_conditions)
	message := concat("", [grants.message(grant), grants.attached(input.resource.attachment_count)])
}
