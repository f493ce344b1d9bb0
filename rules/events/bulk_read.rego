# METADATA
# title: Secrets are not read in bulk
# description: >-
#   BatchGetSecretValue reads up to twenty secrets with one call, and with filters also those whose names the caller
#   does not know. Few workloads need it; tools of attackers use it.
# scope: package
# custom:
#   id: EVT-016
#   kind: event
#   severity: medium
#   events: ["secretsmanager.amazonaws.com:BatchGetSecretValue"]
#   mitre: [T1555.006]
#   topics: [CT-SECRET-ANOMALY, CT-SECRET-ACCESS-REVIEW]
#   controls:
#     hipaa: ["164.308(a)(1)(ii)(D)"]
#     soc2: ["CC7.2", "CC7.3"]
#     pci_dss: ["10.4.1.1"]
#   params:
#     allowed_principals:
#       type: strings
#       default: []
#       why: patterns of ARNs; which workloads read in bulk is for you to say
#   remediation:
#     text: >-
#       Find out what the principal is for. Let workloads read the secrets that they need by name, deny
#       secretsmanager:BatchGetSecretValue to others, and name exceptions in allowed_principals.
package rules.events.bulk_read

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "name", "message": "many secrets were read with one call"} if {
	input.resource.name == "BatchGetSecretValue"
	not event.one_of(input.resource.who, input.params.allowed_principals)
}
