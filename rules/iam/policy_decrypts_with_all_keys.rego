# METADATA
# title: No customer managed policy allows decrypting with all keys
# description: >-
#   A key of its own for each kind of data separates nothing from whoever may decrypt with all of them.
#   Re-encrypting from a key reads what it protects as well. The default version is judged, also when
#   nothing is attached to it.
# scope: package
# custom:
#   id: IAM-005
#   kind: iam_policy
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
#     command: aws iam get-policy --policy-arn {id}
#     hcl: |-
#       resource "aws_iam_policy" "NAME" {
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect   = "Allow"
#           Action   = ["kms:Decrypt"]
#           Resource = [aws_kms_key.KEY.arn]
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
#                 Action: ["kms:Decrypt"]
#                 Resource: [!GetAtt KEY.Arn]
package rules.iam.policy_decrypts_with_all_keys

import data.lib.grants

not_applicable contains grants.bounds if grants.only_bounds(input.resource.attachment_count, input.resource.boundary_count)

not_applicable contains grants.admin if grants.by_admins(input.resource.admin_grants, input.resource.decrypt_grants)

violation contains {"attribute": "decrypt_grants", "message": message} if {
	some grant in grants.wide(input.resource.decrypt_grants, input.params.accepted_conditions)
	message := concat("", [grants.message(grant), grants.attached(input.resource.attachment_count)])
}
