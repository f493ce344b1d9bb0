# METADATA
# title: Trails record the use of keys
# description: >-
#   Events of KMS can be left out of a trail to save cost. Each decryption of a secret is such an
#   event: without them nobody can tell what was read after a breach.
# scope: package
# custom:
#   id: CT-005
#   kind: trail
#   severity: high
#   topics: [CT-MGMT-EVENTS]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7", "10.2.2"]
#   remediation:
#     action: record-key-events
#     text: Take kms.amazonaws.com out of the event sources that the trail's selectors exclude.
#     command: aws cloudtrail get-event-selectors --trail-name {id} --region {region}
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         event_selector {
#           include_management_events        = true
#           exclude_management_event_sources = []
#         }
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           EventSelectors:
#             - IncludeManagementEvents: true
#               ExcludeManagementEventSources: []
package rules.cloudtrail.kms_events_recorded

import data.lib.trail

not_applicable contains trail.not_management if {
	not input.resource.management_read
	not input.resource.management_write
}

violation contains {"attribute": "kms_events_excluded", "message": "it leaves out the events of KMS"} if {
	input.resource.kms_events_excluded
}
