# METADATA
# title: No user, group or role may read all secrets
# description: >-
#   A leaked credential of one application then opens those of all others. BatchGetSecretValue alone
#   reads nothing: AWS wants GetSecretValue on each secret. Inline policies and attached policies of
#   AWS's own are judged here, within the permissions boundary; customer managed policies are judged by
#   themselves.
# scope: package
# custom:
#   id: IAM-009
#   kind: principal
#   severity: high
#   topics: [IAM-SECRETS-WILDCARD]
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
#       Allow secretsmanager:GetSecretValue on the ARNs that the work needs, or on secrets that carry its
#       own tag.
#     command: aws iam simulate-principal-policy --policy-source-arn {id} --action-names secretsmanager:GetSecretValue
#     hcl: |-
#       resource "aws_iam_role_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:GetSecretValue"]
#           Resource = [aws_secretsmanager_secret.SECRET.arn]
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
#                 Action: ["secretsmanager:GetSecretValue"]
#                 Resource: [!Ref SECRET]
package rules.iam.principal_reads_all_secrets

import data.lib.grants

not_applicable contains grants.service_linked if input.resource.service_linked

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.secret_read_grants)

violation contains {"attribute": "secret_read_grants", "message": message} if {
	some grant in grants.wide(input.resource.secret_read_grants, input.params.accepted_conditions)
	message := grants.message(grant)
}
