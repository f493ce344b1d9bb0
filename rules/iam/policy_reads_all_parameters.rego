# METADATA
# title: No customer managed policy allows reading all parameters
# description: >-
#   SecureString parameters under the default key open to whoever may read them, so that this reads the
#   credentials of all applications. The default version is judged, also when nothing is attached to it.
# scope: package
# custom:
#   id: IAM-004
#   kind: iam_policy
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
#       Allow ssm:GetParameter, GetParameters and GetParametersByPath below the application's own path.
#     command: aws iam get-policy --policy-arn {id}
#     hcl: |-
#       resource "aws_iam_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
#           Resource = ["arn:aws:ssm:REGION:ACCOUNT:parameter/PATH", "arn:aws:ssm:REGION:ACCOUNT:parameter/PATH/*"]
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
#                 Action: ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
#                 Resource:
#                   - !Sub "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/PATH"
#                   - !Sub "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/PATH/*"
package rules.iam.policy_reads_all_parameters

import data.lib.grants

not_applicable contains grants.bounds if grants.only_bounds(input.resource.attachment_count, input.resource.boundary_count)

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.parameter_read_grants)

violation contains {"attribute": "parameter_read_grants", "message": message} if {
	some grant in grants.wide(input.resource.parameter_read_grants, input.params.accepted_conditions)
	message := concat("", [grants.message(grant), grants.attached(input.resource.attachment_count)])
}
