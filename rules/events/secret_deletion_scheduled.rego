# METADATA
# title: No secret is scheduled for deletion unnoticed
# description: >-
#   When the recovery window is over the secret is gone. Until then whoever still needs it is refused, and restoring
#   it undoes everything.
# scope: package
# custom:
#   id: EVT-002
#   kind: event
#   severity: medium
#   events: ["secretsmanager.amazonaws.com:DeleteSecret"]
#   mitre: [T1485]
#   topics: [SM-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["C1.2", "A1.2"]
#   remediation:
#     text: >-
#       Make sure that nobody reads the secret any more, or restore it within the window.
#     command: aws secretsmanager restore-secret --secret-id {id} --region {region}
package rules.events.secret_deletion_scheduled

import data.lib.event
import data.lib.text

not_applicable contains event.not_done if input.resource.outcome != "done"

# Without a number of days Secrets Manager waits 30 ("DeleteSecret", API Reference).
violation contains {"attribute": "request_recovery_days", "message": message} if {
	not input.resource.request_force_delete
	message := sprintf("scheduled for deletion in %s", [text.days(window)])
}

default window := 30

window := input.resource.request_recovery_days
