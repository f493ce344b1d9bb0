# METADATA
# title: No customer managed policy allows reading all secrets
# description: >-
#   A leaked credential of one application then opens those of all others. BatchGetSecretValue alone
#   reads nothing: AWS wants GetSecretValue on each secret. The default version is judged, also when
#   nothing is attached to it.
# scope: package
# custom:
#   id: IAM-003
#   kind: iam_policy
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
#     command: aws iam get-policy --policy-arn {id}
#     hcl: |-
#       resource "aws_iam_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:GetSecretValue"]
#           Resource = [aws_secretsmanager_secret.SECRET.arn]
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
#                 Action: ["secretsmanager:GetSecretValue"]
#                 Resource: [!Ref SECRET]
package rules.iam.policy_reads_all_secrets

import data.lib.grants

not_applicable contains grants.bounds if grants.only_bounds(input.resource.attachment_count, input.resource.boundary_count)

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.secret_read_grants)

violation contains {"attribute": "secret_read_grants", "message": message} if {
	some grant in grants.wide(input.resource.secret_read_grants, input.params.accepted_conditions)
	message := concat("", [grants.message(grant), grants.attached(input.resource.attachment_count)])
}
