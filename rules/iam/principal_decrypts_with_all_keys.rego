# METADATA
# title: No user, group or role may decrypt with all keys
# description: >-
#   A key of its own for each kind of data separates nothing from whoever may decrypt with all of them.
#   Re-encrypting from a key reads what it protects as well. Inline policies and attached policies of
#   AWS's own are judged here, within the permissions boundary; customer managed policies are judged by
#   themselves.
# scope: package
# custom:
#   id: IAM-011
#   kind: principal
#   severity: medium
#   topics: [IAM-KMS-WILDCARD]
#   controls:
#     hipaa: ["164.308(a)(4)(ii)(B)"]
#     soc2: ["CC6.3"]
#     pci_dss: ["7.2.5", "3.6.1.3"]
#   params:
#     accepted_conditions:
#       type: strings
#       default: []
#       why: which conditions make it acceptable, such as kms:viaservice, is for you to say
#   remediation:
#     text: >-
#       Name the ARNs of the keys, or choose them by tag or alias with a condition. An alias in Resource
#       names no key.
#     command: aws iam simulate-principal-policy --policy-source-arn {id} --action-names kms:Decrypt
#     hcl: |-
#       resource "aws_iam_role_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["kms:Decrypt"]
#           Resource = [aws_kms_key.KEY.arn]
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
#                 Action: ["kms:Decrypt"]
#                 Resource: [!GetAtt KEY.Arn]
package rules.iam.principal_decrypts_with_all_keys

import data.lib.grants

not_applicable contains grants.service_linked if input.resource.service_linked

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.decrypt_grants)

violation contains {"attribute": "decrypt_grants", "message": message} if {
	some grant in grants.wide(input.resource.decrypt_grants, input.params.accepted_conditions)
	message := grants.message(grant)
}
