# METADATA
# title: No user, group or role may read all parameters
# description: >-
#   SecureString parameters under the default key open to whoever may read them, so that this reads the
#   credentials of all applications. Inline policies and attached policies of AWS's own are judged here,
#   within the permissions boundary; customer managed policies are judged by themselves.
# scope: package
# custom:
#   id: IAM-010
#   kind: principal
#   severity: medium
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
#       Allow ssm:GetParameter, GetParameters and GetParametersByPath below the application's own path;
#       AWS's policies for reading allow all.
#     command: aws iam simulate-principal-policy --policy-source-arn {id} --action-names ssm:GetParameter
#     hcl: |-
#       resource "aws_iam_role_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
#           Resource = ["arn:aws:ssm:REGION:ACCOUNT:parameter/PATH", "arn:aws:ssm:REGION:ACCOUNT:parameter/PATH/*"]
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
#                 Action: ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
#                 Resource:
#                   - !Sub "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/PATH"
#                   - !Sub "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/PATH/*"
package rules.iam.principal_reads_all_parameters

import data.lib.grants

not_applicable contains grants.service_linked if input.resource.service_linked

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.parameter_read_grants)

violation contains {"attribute": "parameter_read_grants", "message": message} if {
	some grant in grants.wide(input.resource.parameter_read_grants, input.params.accepted_conditions)
	message := grants.message(grant)
}
