# METADATA
# title: No outside principal is granted a key
# description: >-
#   A grant lets its grantee use the key, whatever the key policy says, until somebody revokes it. Grants are easy
#   to overlook.
# scope: package
# custom:
#   id: EVT-025
#   kind: event
#   severity: high
#   events: ["kms.amazonaws.com:CreateGrant"]
#   mitre: [T1098]
#   topics: [KMS-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1", "CC6.6"]
#     pci_dss: ["3.6.1"]
#   params:
#     trusted_accounts:
#       type: strings
#       default: []
#       why: which outside accounts are trusted is for you to say
#   remediation:
#     text: >-
#       Revoke the grant, or add the account to trusted_accounts with a reason.
#     command: aws kms list-grants --key-id {id} --region {region}
package rules.events.key_granted_outside

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_grantee_outside", "message": message} if {
	input.resource.request_grantee_outside
	not event.account_of(input.resource.request_grantee) in input.params.trusted_accounts
	message := sprintf("granted to %s, which is outside", [input.resource.request_grantee])
}
