# METADATA
# title: Buckets of trails are not public
# description: >-
#   The record of who read which secret shows where the secrets are and who may read them. A policy or an ACL
#   that lets anyone in counts unless the bucket's own Block Public Access holds it back; the block of the
#   whole account does not count, since it is one switch for every bucket.
# scope: package
# custom:
#   id: CT-007
#   kind: trail
#   severity: critical
#   topics: [CT-BUCKET-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.6"]
#     pci_dss: ["10.3.1", "1.4.4"]
#   remediation:
#     text: Turn on all four settings of Block Public Access for the bucket, then take the grant away.
#     command: aws s3api get-bucket-policy-status --bucket BUCKET
#     hcl: |-
#       resource "aws_s3_bucket_public_access_block" "BUCKET" {
#         bucket                  = aws_s3_bucket.BUCKET.id
#         block_public_acls       = true
#         block_public_policy     = true
#         ignore_public_acls      = true
#         restrict_public_buckets = true
#       }
#     cloudformation: |-
#       BUCKET:
#         Type: AWS::S3::Bucket
#         Properties:
#           PublicAccessBlockConfiguration:
#             BlockPublicAcls: true
#             BlockPublicPolicy: true
#             IgnorePublicAcls: true
#             RestrictPublicBuckets: true
package rules.cloudtrail.bucket_not_public

import data.lib.trail

not_applicable contains trail.no_bucket if input.resource.bucket_exists == false

violation contains {"attribute": "bucket_public", "message": "anyone can get into its bucket"} if {
	input.resource.bucket_public
}
