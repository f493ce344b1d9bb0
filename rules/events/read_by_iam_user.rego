# METADATA
# title: No IAM user reads secrets
# description: >-
#   An IAM user has access keys that do not expire. Whoever copies them reads the secret from anywhere, for as long
#   as nobody notices.
# scope: package
# custom:
#   id: EVT-012
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
#     allowed_users:
#       type: strings
#       default: []
#       why: patterns of ARNs; which users must read secrets is for you to say
#   remediation:
#     text: >-
#       Give the workload a role, or the person a session of IAM Identity Center, and take the permission from the
#       user. Name exceptions in allowed_users.
package rules.events.read_by_iam_user

import data.lib.event

not_applicable contains event.not_done if input.resource.outcome != "done"

violation contains {"attribute": "who", "message": "read by an IAM user"} if {
	iam_user
	not event.one_of(input.resource.who, input.params.allowed_users)
}

iam_user if input.resource.principal_type == "IAMUser"

# A user of another account is shown by its id alone, and ids of users begin so (IAM User Guide, "IAM identifiers").
iam_user if {
	input.resource.principal_type == "AWSAccount"
	startswith(input.resource.principal_id, "AIDA")
}
