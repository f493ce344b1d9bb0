# METADATA
# title: No master password is set by hand
# description: >-
#   A person, or a script with the password in it, gave a database its master password. It is in heads, histories
#   and files, and no rotation knows of it.
# scope: package
# custom:
#   id: EVT-038
#   kind: event
#   severity: medium
#   events: ["rds.amazonaws.com:ModifyDBInstance", "rds.amazonaws.com:ModifyDBCluster"]
#   mitre: [T1098]
#   topics: [SM-ROT-ENABLED]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)", "164.308(a)(4)(ii)(B)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.6.3"]
#   remediation:
#     text: >-
#       Let RDS manage the master password in Secrets Manager, or rotate it with a function.
package rules.events.master_password_changed

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_master_password", "message": "its master password was set by hand"} if {
	input.resource.request_master_password
}
