# METADATA
# title: Log file validation stays on
# description: >-
#   Without digest files nobody can prove later that the record was not changed.
# scope: package
# custom:
#   id: EVT-034
#   kind: event
#   severity: high
#   events: ["cloudtrail.amazonaws.com:UpdateTrail"]
#   mitre: [T1562.008]
#   topics: [CT-VALIDATION]
#   controls:
#     hipaa: ["164.312(c)(1)", "164.312(b)"]
#     soc2: ["CC7.3"]
#     pci_dss: ["10.3.2"]
#   remediation:
#     text: >-
#       Turn validation on again. What was delivered meanwhile stays without proof.
#     command: aws cloudtrail update-trail --name {id} --region {region} --enable-log-file-validation
package rules.events.validation_off

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_validation", "message": "log file validation was turned off"} if {
	input.resource.request_validation == false
}
