# METADATA
# title: No secret that is in use is about to be deleted
# description: >-
#   While a deletion is pending AWS refuses to hand out the value, so a reader of recent days fails
#   already; after the recovery window the value is gone for good.
# scope: package
# custom:
#   id: SM-021
#   kind: secret
#   severity: high
#   topics: [SM-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["C1.2", "A1.2"]
#   params:
#     recent_days:
#       type: integer
#       unit: days
#       default: 30
#       why: the longest recovery window, so that any read in the month before the deletion was planned counts at some time
#   remediation:
#     action: restore-secret
#     text: >-
#       Restore the secret, or find its readers and make sure that they need it no more.
#     command: >-
#       aws secretsmanager restore-secret --secret-id {id} --region {region}
package rules.secretsmanager.deletion_unused

import data.lib.text

not_applicable contains "no deletion is planned" if not input.resource.deletion_scheduled

violation contains {"attribute": "deletion_scheduled", "message": message} if {
	days := input.resource.last_used_days_ago
	days <= input.params.recent_days
	message := sprintf("will be deleted, and was read %s ago", [text.days(days)])
}
