# METADATA
# title: Secrets are in use
# description: >-
#   A secret that nobody reads is a credential that nobody would miss, until it leaks. Reads count in
#   every region, and so do those of the rotation function.
# scope: package
# custom:
#   id: SM-013
#   kind: secret
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
#       why: the default of AWS Config's rule on unused secrets, and what PCI DSS 8.2.6 allows inactive accounts
#     grace_days:
#       type: integer
#       unit: days
#       default: 90
#       why: a new secret may wait for its first reader as long as any other may rest
#   remediation:
#     text: >-
#       Ask the owner. If it is not needed, revoke the credential where it is valid and delete the
#       secret with a recovery window, or, if a service made it, what the service made it for.
#     command: aws secretsmanager delete-secret --secret-id {id} --region {region} --recovery-window-in-days 30
package rules.secretsmanager.used

import data.lib.secret
import data.lib.text

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.master_user(input.resource.owning_service)

violation contains {"attribute": "last_used_days_ago", "message": message} if {
	days := input.resource.last_used_days_ago
	days > input.params.max_days
	message := sprintf("not read for %s, allowed are %d", [text.days(days), input.params.max_days])
}

violation contains {"attribute": "last_used_days_ago", "message": message} if {
	not input.resource.last_used_days_ago
	days := input.resource.created_days_ago
	days > input.params.grace_days
	message := sprintf("never read since it was made %s ago, allowed are %d", [text.days(days), input.params.grace_days])
}
