# METADATA
# title: No outside account reads a secret
# description: >-
#   A principal of an account that the scan neither reads nor lists as a member got the value
#   of a secret.
# scope: package
# custom:
#   id: EVT-014
#   kind: event
#   severity: high
#   events:
#     - "secretsmanager.amazonaws.com:GetSecretValue"
#     - "secretsmanager.amazonaws.com:BatchGetSecretValue"
#   mitre: [T1537, T1555.006]
#   topics: [SM-POLICY-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.3", "CC6.6"]
#     pci_dss: ["7.2.5"]
#   params:
#     trusted_accounts:
#       type: strings
#       default: []
#       why: which outside accounts are trusted is for you to say
#   remediation:
#     text: >-
#       Take the account out of the policy of the secret and change the value, or add the account to
#       trusted_accounts with a reason.
package rules.events.read_from_outside_account

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "principal_outside", "message": message} if {
	input.resource.principal_outside
	account := input.resource.principal_account
	not account in input.params.trusted_accounts
	message := sprintf("read from account %s, which is outside", [account])
}
