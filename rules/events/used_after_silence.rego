# METADATA
# title: No secret is used again after a long silence
# description: >-
#   A secret that nobody read for weeks and somebody reads now is worth a question: it may have been found in an
#   old file. Of a read in bulk CloudTrail records each secret by itself.
# scope: package
# custom:
#   id: EVT-039
#   kind: event
#   severity: low
#   events: ["secretsmanager.amazonaws.com:GetSecretValue"]
#   window: {by: [targets], silence: days}
#   mitre: [T1078.004, T1555.006]
#   topics: [CT-SECRET-ANOMALY, CT-SECRET-ACCESS-REVIEW]
#   controls:
#     hipaa: ["164.308(a)(1)(ii)(D)"]
#     soc2: ["CC7.2", "CC7.3"]
#     pci_dss: ["10.4.1.1"]
#   params:
#     days:
#       type: integer
#       unit: days
#       default: 45
#       why: after so long CIS calls a credential unused (AWS Foundations 1.12), and the 90 days of LookupEvents can show it
#   remediation:
#     text: >-
#       Find out who read it and why. Delete the secret if nothing needs it.
package rules.events.used_after_silence

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "targets", "message": "read"} if input.resource.name == "GetSecretValue"
