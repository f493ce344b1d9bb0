# METADATA
# title: Somebody reads the secret, as CloudTrail recorded
# description: >-
#   Dates of use that AWS keeps say that somebody read the value, and not who. CloudTrail records each
#   read, in every region. Without one in a whole record nobody needs the credential. Those of its own rotation
#   function do not count.
# scope: package
# custom:
#   id: SM-036
#   kind: secret
#   needs: events
#   severity: medium
#   topics: [SM-UNUSED]
#   controls:
#     hipaa: ["164.308(a)(3)(ii)(C)", "164.308(a)(4)(ii)(C)"]
#     soc2: ["CC6.2"]
#     pci_dss: ["7.2.5.1"]
#   params:
#     max_days:
#       type: integer
#       unit: days
#       default: 90
#       why: what CloudTrail's event history holds, and what PCI DSS 8.2.6 allows inactive accounts
#   remediation:
#     text: >-
#       Ask the owner. If it is not needed, revoke the credential where it is valid and delete it, or, if a
#       service made it, what the service made it for.
#     command: aws secretsmanager delete-secret --secret-id {id} --region {region} --recovery-window-in-days 30
package rules.secretsmanager.read_recorded

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.master_user(input.resource.owning_service)

violation contains {"attribute": "unread_days_at_least", "message": unread(days)} if {
	days := input.resource.unread_days_at_least
	days >= input.params.max_days
}

# Where the record is shorter than max_days, this leaves it open.
violation contains {"attribute": "unread_days_at_least", "message": unread(days)} if {
	days := input.resource.last_read_event_days_ago
	days >= input.params.max_days
}

unread(days) := sprintf("CloudTrail recorded no read in any region in %s", [text.days(days)])
