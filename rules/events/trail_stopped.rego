# METADATA
# title: No trail is stopped
# description: >-
#   While a trail or an event data store does not record, nobody can say later what happened. It is what intruders
#   do first.
# scope: package
# custom:
#   id: EVT-028
#   kind: event
#   severity: critical
#   events:
#     - "cloudtrail.amazonaws.com:StopLogging"
#     - "cloudtrail.amazonaws.com:StopEventDataStoreIngestion"
#   mitre: [T1562.008]
#   topics: [CT-ENABLED]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.6"]
#   remediation:
#     text: >-
#       Start it again at once, and find out what was done meanwhile: the event history of the console still has 90
#       days of management events.
#     command: aws cloudtrail start-logging --name {id} --region {region}
package rules.events.trail_stopped

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "name", "message": "recording was stopped"} if {
	input.resource.name in {"StopLogging", "StopEventDataStoreIngestion"}
}
