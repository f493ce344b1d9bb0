# METADATA
# title: No trail is made to record less
# description: >-
#   Selectors that keep only reads, only writes or a part of the management events leave holes in the record, and so
#   does a trail that no longer covers all regions, the accounts of the organization or global services. Reads of
#   secrets are management events.
# scope: package
# custom:
#   id: EVT-030
#   kind: event
#   severity: high
#   events:
#     - "cloudtrail.amazonaws.com:PutEventSelectors"
#     - "cloudtrail.amazonaws.com:UpdateTrail"
#     - "cloudtrail.amazonaws.com:UpdateEventDataStore"
#   mitre: [T1562.008]
#   topics: [CT-MGMT-EVENTS]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.2", "10.2.1.5", "10.2.1.7"]
#   remediation:
#     text: >-
#       Let one trail of the account record all management events of all regions. Accept the failure for a trail that is for data
#       events only.
#     command: aws cloudtrail get-event-selectors --trail-name {id} --region {region}
package rules.events.selectors_narrowed

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_management", "message": message} if {
	kept := input.resource.request_management
	kept != "All"
	message := sprintf("its selectors keep this of management events: %s", [lower(kept)])
}

violation contains {"attribute": "request_multi_region", "message": "it records its home region only from now on"} if {
	input.resource.request_multi_region == false
}

# "the trail will remain in the current AWS account but be deleted from all member accounts" ("UpdateTrail", API Reference).
violation contains {"attribute": "request_organization", "message": "it records one account only from now on"} if {
	input.resource.request_organization == false
}

violation contains {"attribute": "request_global_events", "message": "it records no global services, such as IAM, from now on"} if {
	input.resource.request_global_events == false
}
