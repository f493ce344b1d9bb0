# METADATA
# title: No key is disabled unnoticed
# description: >-
#   What a disabled key encrypts cannot be read: secrets, parameters and logs alike.
# scope: package
# custom:
#   id: EVT-021
#   kind: event
#   severity: high
#   events: ["kms.amazonaws.com:DisableKey"]
#   mitre: [T1485]
#   topics: [KMS-PENDING-DELETION]
#   controls:
#     hipaa: ["164.308(a)(7)(ii)(A)"]
#     soc2: ["CC6.1", "A1.2"]
#     pci_dss: ["3.7.5"]
#   remediation:
#     text: >-
#       Enable the key, unless you know that nothing needs it.
#     command: aws kms enable-key --key-id {id} --region {region}
package rules.events.key_disabled

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "name", "message": "disabled"} if input.resource.name == "DisableKey"
