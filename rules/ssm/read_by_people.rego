# METADATA
# title: No person reads an application's SecureString
# description: >-
#   A person who reads a password knows it from then on, wherever they go, and the record of its use no
#   longer tells who used it. Workloads read with roles of their own. A read without decryption shows no
#   password.
# scope: package
# custom:
#   id: SSM-009
#   kind: parameter
#   needs: events
#   severity: medium
#   topics: [SM-HUMAN-ACCESS]
#   controls:
#     hipaa: ["164.312(a)(2)(i)"]
#     soc2: ["CC6.1"]
#     pci_dss: ["8.2.2", "8.6.1"]
#   params:
#     recent_days:
#       type: integer
#       unit: days
#       default: 90
#       why: "what CloudTrail's event history holds; the record of a trail may go back further"
#     tag:
#       type: string
#       default: human-access
#       why: "the key of a tag that says that people are meant to read it, such as a break-glass credential"
#   remediation:
#     text: >-
#       Change the value, since somebody knows it. Take the permission to read from people, or tag what they
#       are meant to read.
package rules.ssm.read_by_people

import data.lib.record

not_applicable contains "it is not a SecureString" if input.resource.type != "SecureString"

not_applicable contains record.exempt(input.params.tag) if input.params.tag in input.resource.tag_keys

violation contains {"attribute": "last_human_read_days_ago", "message": message} if {
	input.resource.last_human_read_days_ago <= input.params.recent_days
	message := sprintf("%s read it %s", [input.resource.last_human_reader, record.ago(input.resource.last_human_read_days_ago)])
}
