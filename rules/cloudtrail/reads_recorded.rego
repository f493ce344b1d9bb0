# METADATA
# title: Trails record what is read
# description: >-
#   GetSecretValue and Decrypt are read events. A trail that records only what is written shows
#   every change of a secret, and not who read it.
# scope: package
# custom:
#   id: CT-011
#   kind: trail
#   severity: high
#   topics: [CT-MGMT-EVENTS]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7", "10.2.2"]
#   remediation:
#     text: >-
#       Let the trail's selectors record all management events, reads included.
#     command: >-
#       aws cloudtrail get-event-selectors --trail-name {id} --region {region}
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         event_selector {
#           include_management_events = true
#           read_write_type           = "All"
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           EventSelectors:
#             - IncludeManagementEvents: true
#               ReadWriteType: All
package rules.cloudtrail.reads_recorded

not_applicable contains "it is not meant to record all management events" if {
	not input.resource.management_read
	not input.resource.management_write
}

violation contains {"attribute": "management_read", "message": "it does not record all read management events"} if {
	not input.resource.management_read
	input.resource.management_write
}
