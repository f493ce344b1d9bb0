# METADATA
# title: No secret is deleted without a recovery window
# description: >-
#   A secret that is deleted with ForceDeleteWithoutRecovery is gone within minutes, with all of its versions.
#   Nobody can undo a mistake or an attack.
# scope: package
# custom:
#   id: EVT-001
#   kind: event
#   severity: high
#   events: ["secretsmanager.amazonaws.com:DeleteSecret"]
#   mitre: [T1485]
#   topics: [SM-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["C1.2", "A1.2"]
#   remediation:
#     text: >-
#       Ask who did it why. Restore what depends on the secret from another source, and deny
#       secretsmanager:DeleteSecret with secretsmanager:ForceDeleteWithoutRecovery by a policy.
package rules.events.secret_deleted_at_once

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_force_delete", "message": "deleted at once, without a recovery window"} if {
	input.resource.request_force_delete
}
