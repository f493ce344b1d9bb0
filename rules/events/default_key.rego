# METADATA
# title: No secret is moved to the default key
# description: >-
#   The key aws/secretsmanager belongs to AWS: every principal of the account that may read the secret may use it,
#   and nobody can take it away from one.
# scope: package
# custom:
#   id: EVT-020
#   kind: event
#   severity: medium
#   events: ["secretsmanager.amazonaws.com:UpdateSecret"]
#   topics: [SM-CMK]
#   controls:
#     hipaa: ["164.312(a)(2)(iv)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.3.2"]
#   remediation:
#     text: >-
#       Encrypt the secret with a customer managed key again.
#     command: aws secretsmanager update-secret --secret-id {id} --region {region} --kms-key-id KEY
package rules.events.default_key

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

# An empty key means the default one, too ("UpdateSecret", API Reference).
violation contains {"attribute": "request_key", "message": "it is encrypted with the default key from now on"} if {
	some pattern in ["", "aws/secretsmanager", "alias/aws/secretsmanager", "arn:*:alias/aws/secretsmanager"]
	glob.match(pattern, null, input.resource.request_key)
}
