# METADATA
# title: No trail is deleted
# description: >-
#   With the trail the record ends; with an event data store all that it held goes as well, after seven days.
# scope: package
# custom:
#   id: EVT-029
#   kind: event
#   severity: critical
#   events: ["cloudtrail.amazonaws.com:DeleteTrail", "cloudtrail.amazonaws.com:DeleteEventDataStore"]
#   mitre: [T1562.008]
#   topics: [CT-ENABLED]
#   controls:
#     hipaa: ["164.312(b)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.2.1", "10.2.1.6"]
#   remediation:
#     text: >-
#       Make the trail again, or restore the event data store within seven days, and find out what was done
#       meanwhile.
package rules.events.trail_deleted

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "name", "message": "deleted"} if {
	input.resource.name in {"DeleteTrail", "DeleteEventDataStore"}
}
