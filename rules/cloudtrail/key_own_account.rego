# METADATA
# title: The key behind a trail belongs to its account
# description: >-
#   Whoever owns the key decides who reads the logs, and can make them unreadable. Keys for the
#   trails of a whole organization belong where the organization keeps its logs, and are not judged.
# scope: package
# custom:
#   id: CT-013
#   kind: trail
#   severity: low
#   topics: [CT-KMS]
#   controls:
#     hipaa: ["164.312(c)(1)"]
#     pci_dss: ["10.3.2"]
#   params:
#     trusted_accounts:
#       type: strings
#       default: []
#       why: which accounts keep logs and their keys for others is for you to say
#   remediation:
#     text: >-
#       Encrypt the logs with a key of the account, or add the key's account to trusted_accounts with
#       a reason.
#     command: >-
#       aws cloudtrail update-trail --name {id} --region {region} --kms-key-id KEY_ARN
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         kms_key_id = aws_kms_key.KEY.arn
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           KMSKeyId: !GetAtt KEY.Arn
package rules.cloudtrail.key_own_account

not_applicable contains "an organization trail" if input.resource.organization

not_applicable contains "its logs are not encrypted with a KMS key, which CT-004 judges" if not input.resource.kms_key

violation contains {"attribute": "kms_key", "message": message} if {
	owner := input.resource.key_account
	owner != input.resource.account
	not owner in input.params.trusted_accounts
	message := sprintf("its key belongs to account %s", [owner])
}
