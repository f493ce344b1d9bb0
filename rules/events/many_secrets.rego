# METADATA
# title: Nobody reads many secrets within minutes
# description: >-
#   A workload reads a few secrets when it starts. A principal that reads many different ones within minutes goes
#   through what it finds. Of a read in bulk CloudTrail records each secret by itself.
# scope: package
# custom:
#   id: EVT-017
#   kind: event
#   severity: high
#   events: ["secretsmanager.amazonaws.com:GetSecretValue"]
#   window: {by: [who], distinct: targets, minutes: minutes, count: count}
#   mitre: [T1555.006]
#   topics: [CT-SECRET-ANOMALY, CT-SECRET-ACCESS-REVIEW]
#   controls:
#     hipaa: ["164.308(a)(1)(ii)(D)"]
#     soc2: ["CC7.2", "CC7.3"]
#     pci_dss: ["10.4.1.1"]
#   params:
#     minutes:
#       type: integer
#       unit: minutes
#       default: 10
#       why: a choice, long enough for a tool that goes through all secrets, short against the day of a workload
#     count:
#       type: integer
#       default: 20
#       why: a choice, more secrets than one workload reads when it starts
#     allowed_principals:
#       type: strings
#       default: []
#       why: patterns of ARNs; which principals must read many secrets is for you to say
#   remediation:
#     text: >-
#       Revoke the sessions of the principal, find out what it did besides, and change the values that it read. Name
#       principals that must, such as one that makes backups, in allowed_principals.
package rules.events.many_secrets

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "targets", "message": "reads many secrets"} if {
	not event.one_of(input.resource.who, input.params.allowed_principals)
}
