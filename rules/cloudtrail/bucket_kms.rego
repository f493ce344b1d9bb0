# METADATA
# title: Buckets of trails encrypt with a KMS key by default
# description: >-
#   The key of a trail encrypts what CloudTrail writes (CT-004). Whatever else is put into the bucket, and what
#   a trail without a key writes, falls under the bucket's default.
# scope: package
# custom:
#   id: CT-008
#   kind: trail
#   severity: low
#   topics: [CT-KMS]
#   controls:
#     hipaa: ["164.312(c)(1)", "164.312(b)"]
#     soc2: ["CC7.3"]
#     pci_dss: ["10.3.2", "10.3.4"]
#   params:
#     require_kms:
#       type: boolean
#       default: true
#       why: S3 encrypts every object with keys of its own since January 2023; a KMS key adds a permission of its own to each read
#   remediation:
#     text: Set the bucket's default encryption to SSE-KMS with a key whose policy lets CloudTrail use it.
#     command: aws s3api get-bucket-encryption --bucket BUCKET
#     hcl: |-
#       resource "aws_s3_bucket_server_side_encryption_configuration" "BUCKET" {
#         bucket = aws_s3_bucket.BUCKET.id
#         rule {
#           apply_server_side_encryption_by_default {
#             sse_algorithm     = "aws:kms"
#             kms_master_key_id = aws_kms_key.KEY.arn
#           }
#         }
#       }
#     cloudformation: |-
#       BUCKET:
#         Type: AWS::S3::Bucket
#         Properties:
#           BucketEncryption:
#             ServerSideEncryptionConfiguration:
#               - ServerSideEncryptionByDefault:
#                   SSEAlgorithm: aws:kms
#                   KMSMasterKeyID: !GetAtt KEY.Arn
package rules.cloudtrail.bucket_kms

import data.lib.trail

not_applicable contains trail.no_bucket if input.resource.bucket_exists == false

violation contains {"attribute": "bucket_encryption", "message": "its bucket has no default encryption"} if {
	not input.resource.bucket_encryption
}

violation contains {"attribute": "bucket_encryption", "message": message} if {
	input.params.require_kms
	kind := input.resource.bucket_encryption
	not startswith(kind, "aws:kms")
	message := sprintf("its bucket encrypts by default with %s, not with a KMS key", [kind])
}
