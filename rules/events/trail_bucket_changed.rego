# METADATA
# title: No trail is pointed at another bucket unnoticed
# description: >-
#   From then on the record goes elsewhere: perhaps to where nobody looks, or to somebody else.
# scope: package
# custom:
#   id: EVT-032
#   kind: event
#   severity: high
#   events: ["cloudtrail.amazonaws.com:UpdateTrail"]
#   mitre: [T1562.008]
#   topics: [CT-ENABLED]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.3.1", "10.3.2"]
#   remediation:
#     text: >-
#       Make sure that the bucket is yours and as well protected as the old one, or set the old one again.
#     command: aws cloudtrail update-trail --name {id} --region {region} --s3-bucket-name BUCKET
package rules.events.trail_bucket_changed

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_bucket", "message": message} if {
	message := sprintf("it delivers to the bucket %s from now on", [input.resource.request_bucket])
}
