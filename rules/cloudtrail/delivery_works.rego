# METADATA
# title: Trails deliver their logs
# description: >-
#   A trail whose bucket refuses its files goes on saying that it is logging, while no record of what
#   happens arrives.
# scope: package
# custom:
#   id: CT-006
#   kind: trail
#   severity: high
#   topics: [CT-ENABLED]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7", "10.2.2"]
#   remediation:
#     text: Let CloudTrail write to the bucket and use the key, or name a bucket that exists.
#     command: aws cloudtrail get-trail-status --name {id} --region {region}
#     hcl: |-
#       resource "aws_s3_bucket_policy" "BUCKET" {
#         bucket = aws_s3_bucket.BUCKET.id
#         policy = jsonencode({ Version = "2012-10-17", Statement = [{
#           Effect    = "Allow"
#           Principal = { Service = "cloudtrail.amazonaws.com" }
#           Action    = ["s3:GetBucketAcl", "s3:PutObject"]
#           Resource  = [aws_s3_bucket.BUCKET.arn, "${aws_s3_bucket.BUCKET.arn}/AWSLogs/ACCOUNT/*"]
#           Condition = { StringEquals = { "aws:SourceArn" = "arn:aws:cloudtrail:REGION:ACCOUNT:trail/TRAIL" } }
#         }] })
#       }
#     cloudformation: |-
#       BUCKETPOLICY:
#         Type: AWS::S3::BucketPolicy
#         Properties:
#           Bucket: !Ref BUCKET
#           PolicyDocument:
#             Version: "2012-10-17"
#             Statement:
#               - Effect: Allow
#                 Principal: {Service: cloudtrail.amazonaws.com}
#                 Action: ["s3:GetBucketAcl", "s3:PutObject"]
#                 Resource: [!GetAtt BUCKET.Arn, !Sub "${BUCKET.Arn}/AWSLogs/${AWS::AccountId}/*"]
#                 Condition: {StringEquals: {"aws:SourceArn": !Sub "arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/TRAIL"}}
package rules.cloudtrail.delivery_works

not_applicable contains "it is not logging, which CT-001 judges" if not input.resource.logging

violation contains {"attribute": "delivery_error", "message": message} if {
	message := sprintf("the delivery of its logs fails: %s", [input.resource.delivery_error])
}
