# METADATA
# title: Nobody is refused secrets again and again
# description: >-
#   A principal that is denied one secret after another tries what it can get, or is a workload whose permissions
#   are wrong. Both need somebody to look.
# scope: package
# custom:
#   id: EVT-019
#   kind: event
#   severity: medium
#   events:
#     - "secretsmanager.amazonaws.com:GetSecretValue"
#     - "secretsmanager.amazonaws.com:BatchGetSecretValue"
#     - "ssm.amazonaws.com:GetParameter"
#     - "ssm.amazonaws.com:GetParameters"
#     - "ssm.amazonaws.com:GetParametersByPath"
#   window: {by: [who], minutes: minutes, count: count}
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
#       why: a choice, a workload that starts and is refused tries a few times within minutes
#     count:
#       type: integer
#       default: 10
#       why: a choice, more than the retries of one read
#   remediation:
#     text: >-
#       Find out what the principal is for. Give a workload what it needs, and only that; revoke the sessions of
#       anybody else.
package rules.events.denied_reads

violation contains {"attribute": "outcome", "message": "is denied secrets or parameters"} if {
	input.resource.outcome == "denied"
}
