# METADATA
# title: Only rotation changes the value of a rotated secret
# description: >-
#   A value that a person stores is one that a person knows, and the next rotation may not be able to
#   use it. CloudTrail says who stored it.
# scope: package
# custom:
#   id: SM-039
#   kind: secret
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
#   remediation:
#     text: >-
#       Rotate the secret, so that nobody knows its value any more, and find out why rotation was not enough.
#     command: aws secretsmanager rotate-secret --secret-id {id} --region {region}
package rules.secretsmanager.changed_by_rotation

import data.lib.record
import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

not_applicable contains secret.owned(input.resource.owning_service)

not_applicable contains secret.rotation_off if not input.resource.rotation_enabled

violation contains {"attribute": "last_human_value_days_ago", "message": message} if {
	input.resource.last_human_value_days_ago <= input.params.recent_days
	when := record.ago(input.resource.last_human_value_days_ago)
	message := sprintf("%s stored a value by hand %s", [input.resource.last_human_writer, when])
}
