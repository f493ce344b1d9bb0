# METADATA
# title: No trail is made to leave out the events of a service
# description: >-
#   Selectors can leave out the management events of KMS to save money. Then nobody sees who decrypted what, or who
#   changed a key.
# scope: package
# custom:
#   id: EVT-031
#   kind: event
#   severity: high
#   events: ["cloudtrail.amazonaws.com:PutEventSelectors", "cloudtrail.amazonaws.com:UpdateEventDataStore"]
#   mitre: [T1562.008]
#   topics: [CT-MGMT-EVENTS]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7"]
#   params:
#     services:
#       type: strings
#       default: ["kms.amazonaws.com", "secretsmanager.amazonaws.com", "ssm.amazonaws.com"]
#       why: the services whose events say who used secrets and keys
#   remediation:
#     text: >-
#       Let one trail of the account record the events of all services.
#     command: aws cloudtrail get-event-selectors --trail-name {id} --region {region}
package rules.events.key_events_excluded

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_excluded", "message": message} if {
	some service in input.resource.request_excluded
	service in input.params.services
	message := sprintf("its selectors leave out %s", [service])
}
