# METADATA
# title: Nobody is denied a SecureString over and over
# description: >-
#   One refusal is a mistake. Many on one day are a program that has lost its permission, or somebody
#   who tries the doors.
# scope: package
# custom:
#   id: SSM-011
#   kind: parameter
#   needs: events
#   severity: medium
#   topics: [CT-SECRET-ANOMALY]
#   controls:
#     hipaa: ["164.308(a)(6)(ii)"]
#     soc2: ["CC7.2"]
#     pci_dss: ["10.4.1.1"]
#   params:
#     max_a_day:
#       type: integer
#       unit: calls
#       default: 5
#       why: a program that is refused tries a few times and gives up; it is ours to choose
#   remediation:
#     text: >-
#       Find out who called and from where. Give a program its permission back, or stop it; of anything else
#       make an incident.
package rules.ssm.denied_in_series

import data.lib.record

not_applicable contains "it is not a SecureString" if input.resource.type != "SecureString"

# Those that were seen are enough to fail; to pass, the record must be whole.
violation contains {"attribute": "denied_in_a_day", "message": message} if {
	input.resource.denied_in_a_day_at_least > input.params.max_a_day
	message := sprintf("%d calls were denied on one day, allowed are %d: %s", [
		input.resource.denied_in_a_day_at_least, input.params.max_a_day, concat(", ", input.resource.denied_to),
	])
}

violation contains {"attribute": "denied_in_a_day", "message": message} if {
	input.resource.denied_in_a_day > input.params.max_a_day
	last := record.ago(input.resource.last_denied_days_ago)
	message := sprintf("the last of %d denied calls was %s", [input.resource.denied_attempts, last])
}
