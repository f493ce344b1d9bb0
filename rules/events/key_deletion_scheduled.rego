# METADATA
# title: No key is scheduled for deletion unnoticed
# description: >-
#   When the waiting period is over, everything that the key encrypts is lost for good.
# scope: package
# custom:
#   id: EVT-022
#   kind: event
#   severity: high
#   events: ["kms.amazonaws.com:ScheduleKeyDeletion"]
#   mitre: [T1485]
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   remediation:
#     text: >-
#       Cancel the deletion unless you know that nothing is encrypted with the key any more, and enable the key
#       again.
#     command: >-
#       aws kms cancel-key-deletion --key-id {id} --region {region} &&
#       aws kms enable-key --key-id {id} --region {region}
package rules.events.key_deletion_scheduled

import data.lib.event
import data.lib.text

not_applicable contains event.not_done if input.resource.outcome != "done"

# Without a number of days KMS waits 30 ("ScheduleKeyDeletion", API Reference).
violation contains {"attribute": "request_recovery_days", "message": message} if {
	message := sprintf("scheduled for deletion in %s", [text.days(window)])
}

default window := 30

window := input.resource.request_recovery_days
