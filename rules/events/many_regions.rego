# METADATA
# title: Nobody reads secrets of many regions within minutes
# description: >-
#   Workloads run in a region and read its secrets. A principal that reads those of several regions within minutes
#   looks for what there is.
# scope: package
# custom:
#   id: EVT-018
#   kind: event
#   severity: medium
#   events:
#     - "secretsmanager.amazonaws.com:GetSecretValue"
#     - "secretsmanager.amazonaws.com:BatchGetSecretValue"
#   window: {by: [who], distinct: region, minutes: minutes, count: count}
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
#       why: a choice, as long as a tool takes to go through all regions
#     count:
#       type: integer
#       default: 3
#       why: a choice, failing over from one region to another takes two
#     allowed_principals:
#       type: strings
#       default: []
#       why: patterns of ARNs; which principals work in many regions is for you to say
#   remediation:
#     text: >-
#       Find out what the principal is for. If it is nothing of yours, revoke its sessions and change the values
#       that it read; else name it in allowed_principals.
package rules.events.many_regions

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "region", "message": "reads secrets of many regions"} if {
	not event.one_of(input.resource.who, input.params.allowed_principals)
}
