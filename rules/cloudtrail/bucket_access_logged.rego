# METADATA
# title: Access to the buckets of trails is logged
# description: >-
#   Who reads or deletes log files leaves a trace only if the bucket logs access to it. A bucket in an account
#   that the scan may not read is unknown, not at fault.
# scope: package
# custom:
#   id: CT-009
#   kind: trail
#   severity: low
#   topics: [CT-BUCKET-LOGGING]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.3"]
#   remediation:
#     text: Turn on server access logging of the bucket, into another bucket.
#     command: aws s3api get-bucket-logging --bucket BUCKET
#     hcl: |-
#       resource "aws_s3_bucket_logging" "BUCKET" {
#         bucket        = aws_s3_bucket.BUCKET.id
#         target_bucket = aws_s3_bucket.ACCESSLOGS.id
#         target_prefix = "TRAIL/"
#       }
#     cloudformation: |-
#       BUCKET:
#         Type: AWS::S3::Bucket
#         Properties:
#           LoggingConfiguration:
#             DestinationBucketName: !Ref ACCESSLOGS
#             LogFilePrefix: TRAIL/
package rules.cloudtrail.bucket_access_logged

import data.lib.trail

not_applicable contains trail.no_bucket if input.resource.bucket_exists == false

violation contains {"attribute": "bucket_logging", "message": "access to its bucket is not logged"} if {
	not input.resource.bucket_logging
}
