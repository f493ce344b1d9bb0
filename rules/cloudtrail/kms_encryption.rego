# METADATA
# title: Trails encrypt their logs with a KMS key
# description: >-
#   With a key of your own, reading the logs needs a permission on the key as well as on the bucket.
#   Whether that key can be used is for CT-012 to say.
# scope: package
# custom:
#   id: CT-004
#   kind: trail
#   severity: medium
#   topics: [CT-KMS]
#   controls:
#     hipaa: ["164.312(c)(1)", "164.312(b)"]
#     soc2: ["CC7.3"]
#     pci_dss: ["10.3.2", "10.3.4"]
#   remediation:
#     text: Encrypt the logs with a KMS key whose policy lets CloudTrail encrypt.
#     command: aws cloudtrail update-trail --name {id} --region {region} --kms-key-id KEY_ARN
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         kms_key_id = aws_kms_key.KEY.arn
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           KMSKeyId: !GetAtt KEY.Arn
package rules.cloudtrail.kms_encryption

violation contains {"attribute": "kms_key", "message": "its logs are not encrypted with a KMS key"} if {
	not input.resource.kms_encrypted
}
