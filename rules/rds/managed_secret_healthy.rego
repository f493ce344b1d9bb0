# METADATA
# title: Managed master passwords can rotate
# description: >-
#   RDS calls a managed secret impaired when it can no longer rotate it, mostly because it lost the
#   permission on the secret or on its key. The password goes on working, so nothing else shows it.
# scope: package
# custom:
#   id: RDS-002
#   kind: database
#   severity: high
#   topics: [SM-ROT-SUCCESS]
#   controls:
#     hipaa: ["164.308(a)(5)(ii)(D)"]
#     soc2: ["CC6.1", "CC7.1"]
#     pci_dss: ["8.6.3", "10.7.2"]
#   remediation:
#     text: >-
#       Give RDS back the use of the secret and its key. If that does not help, turn the management of
#       the password off and on again.
package rules.rds.managed_secret_healthy

not_applicable contains "its master password is not managed, which RDS-001 judges" if {
	not input.resource.managed_password
}

violation contains {"attribute": "secret_status", "message": "its secret is impaired: RDS cannot rotate it"} if {
	input.resource.secret_status == "impaired"
}
