# METADATA
# title: A trail records everything in the region
# description: >-
#   An account needs one trail, in each region, that is logging, covers all regions, signs its files
#   and records all management events, those of KMS included. Organization trails count; other trails
#   may lack what they like.
# scope: package
# custom:
#   id: ACC-001
#   kind: account
#   severity: high
#   topics: [CT-ENABLED, CT-MULTIREGION, CT-MGMT-EVENTS]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7", "10.2.2"]
#   remediation:
#     text: Mend what the best trail lacks, or create a trail for all regions, best for the whole organization.
#     command: aws cloudtrail describe-trails --region {region}
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         name                       = "TRAIL"
#         s3_bucket_name             = aws_s3_bucket.BUCKET.id
#         enable_logging             = true
#         is_multi_region_trail      = true
#         enable_log_file_validation = true
#         event_selector {
#           include_management_events        = true
#           read_write_type                  = "All"
#           exclude_management_event_sources = []
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           S3BucketName: !Ref BUCKET
#           IsLogging: true
#           IsMultiRegionTrail: true
#           IncludeGlobalServiceEvents: true
#           EnableLogFileValidation: true
#           EventSelectors:
#             - IncludeManagementEvents: true
#               ReadWriteType: All
#               ExcludeManagementEventSources: []
package rules.account.trail_coverage

violation contains {"attribute": "trail_shortcomings", "message": shortcoming} if {
	some shortcoming in input.resource.trail_shortcomings
}
