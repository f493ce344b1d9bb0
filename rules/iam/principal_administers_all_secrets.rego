# METADATA
# title: No user, group or role may take every action on all secrets
# description: >-
#   Every action of Secrets Manager includes reading all values, opening secrets to other accounts by
#   their policies, and deleting them. Inline policies and attached policies of AWS's own are judged
#   here, within the permissions boundary; customer managed policies are judged by themselves.
# scope: package
# custom:
#   id: IAM-008
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
#       Replace secretsmanager:* and SecretsManagerReadWrite by the actions that the work needs, on the ARNs
#       or tags of its secrets.
#     command: aws iam simulate-principal-policy --policy-source-arn {id} --action-names secretsmanager:PutResourcePolicy
#     hcl: |-
#       resource "aws_iam_role_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
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
#                 Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
#                 Resource: [!Ref SECRET]
package rules.iam.principal_administers_all_secrets

import data.lib.grants

not_applicable contains grants.service_linked if input.resource.service_linked

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.secret_admin_grants)

violation contains {"attribute": "secret_admin_grants", "message": message} if {
	some grant in grants.wide(input.resource.secret_admin_grants, input.params.accepted_conditions)
	message := grants.message(grant)
}
