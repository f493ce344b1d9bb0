# METADATA
# title: No person reads the secrets of applications
# description: >-
#   A session of the console, of IAM Identity Center or of a federated person read a secret. A person who knows the
#   credential of an application acts as the application, and no record tells them apart. Root and IAM users have
#   rules of their own.
# scope: package
# custom:
#   id: EVT-013
#   kind: event
#   severity: medium
#   events:
#     - "secretsmanager.amazonaws.com:GetSecretValue"
#     - "secretsmanager.amazonaws.com:BatchGetSecretValue"
#   mitre: [T1078.004, T1555.006]
#   topics: [SM-HUMAN-ACCESS]
#   controls:
#     hipaa: ["164.312(a)(2)(i)"]
#     soc2: ["CC6.1", "CC6.2"]
#     pci_dss: ["8.6.1"]
#   params:
#     allowed_roles:
#       type: strings
#       default: []
#       why: patterns of ARNs; who of your people must read secrets is for you to say
#   remediation:
#     text: >-
#       Change the value, which a person knows now. Let people use credentials of their own, and name roles that
#       must read secrets, such as one for emergencies, in allowed_roles.
package rules.events.read_by_person

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

not_applicable contains "root and IAM users have rules of their own" if input.resource.principal_type in {"Root", "IAMUser"}

violation contains {"attribute": "human", "message": "read by a person"} if {
	input.resource.human
	not event.one_of(input.resource.who, input.params.allowed_roles)
}
