# METADATA
# title: No key was opened to the public
# description: >-
#   A key policy that lets anyone in was set, or a key was made with one. Even if it was taken back since, grants may
#   have been made meanwhile.
# scope: package
# custom:
#   id: EVT-023
#   kind: event
#   severity: critical
#   events: ["kms.amazonaws.com:PutKeyPolicy", "kms.amazonaws.com:CreateKey", "kms.amazonaws.com:ReplicateKey"]
#   mitre: [T1098]
#   topics: [KMS-PUBLIC]
#   controls:
#     hipaa: ["164.312(a)(1)"]
#     soc2: ["CC6.1", "CC6.6"]
#     pci_dss: ["3.6.1"]
#   remediation:
#     text: >-
#       Take the statement out of the policy, and revoke the grants that were made since.
#     command: aws kms get-key-policy --key-id {id} --region {region}
package rules.events.key_policy_public

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "request_policy_public", "message": "its new policy lets anyone in"} if {
	input.resource.request_policy_public
}
