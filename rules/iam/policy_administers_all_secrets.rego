# METADATA
# title: No customer managed policy allows every action on all secrets
# description: >-
#   Every action of Secrets Manager includes reading all values, opening secrets to other accounts by
#   their policies, and deleting them. The default version is judged, also when nothing is attached to
#   it.
# scope: package
# custom:
#   id: IAM-002
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
#       List the actions that the work needs, on the ARNs or tags of the secrets that it is about.
#     command: aws iam get-policy --policy-arn {id}
#     hcl: |-
#       resource "aws_iam_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
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
#                 Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
#                 Resource: [!Ref SECRET]
package rules.iam.policy_administers_all_secrets

import data.lib.grants

not_applicable contains grants.bounds if grants.only_bounds(input.resource.attachment_count, input.resource.boundary_count)

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.secret_admin_grants)

violation contains {"attribute": "secret_admin_grants", "message": message} if {
	some grant in grants.wide(input.resource.secret_admin_grants, input.params.accepted_conditions)
	message := concat("", [grants.message(grant), grants.attached(input.resource.attachment_count)])
}
