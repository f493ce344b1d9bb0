# METADATA
# title: Trails are logging
# description: >-
#   A trail that was stopped records nothing, and looks complete in every other respect.
# scope: package
# custom:
#   id: CT-001
#   kind: trail
#   severity: high
#   topics: [CT-ENABLED]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7", "10.2.2"]
#   remediation:
#     action: start-trail-logging
#     text: Start logging again, and find in the event history who stopped it.
#     command: aws cloudtrail start-logging --name {id} --region {region}
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         enable_logging = true
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           IsLogging: true
package rules.cloudtrail.logging

violation contains {"attribute": "logging", "message": "it is not logging"} if {
	not input.resource.logging
}
