# METADATA
# title: Changes of a secret's policy carry a ticket
# description: >-
#   Who may read is decided in the policy. A change that no ticket asked for is one that nobody
#   reviewed. The tag names the ticket of the last change.
# scope: package
# custom:
#   id: SM-037
#   kind: secret
#   needs: events
#   severity: low
#   topics: [CT-SECRET-ACCESS-REVIEW]
#   controls:
#     hipaa: ["164.308(a)(1)(ii)(D)"]
#     soc2: ["CC7.3"]
#   params:
#     recent_days:
#       type: integer
#       unit: days
#       default: 90
#       why: "what CloudTrail's event history holds; the record of a trail may go back further"
#     tag:
#       type: string
#       default: change-ticket
#       why: "the key of the tag that names the ticket of the last change"
#   remediation:
#     text: >-
#       Find out from the principal why the policy was changed, have the change reviewed, and tag it with its
#       ticket. If nobody asked for it, put the former policy back.
#     command: aws secretsmanager tag-resource --secret-id {id} --region {region} --tags Key=change-ticket,Value=TICKET
package rules.secretsmanager.policy_change_ticketed

import data.lib.record
import data.lib.secret

not_applicable contains secret.replica if input.resource.is_replica

not_applicable contains secret.doomed if input.resource.deletion_scheduled

violation contains {"attribute": "policy_changed_days_ago", "message": message} if {
	input.resource.policy_changed_days_ago <= input.params.recent_days
	not input.params.tag in input.resource.tag_keys
	message := sprintf("%s changed its policy %s, and no tag %s says why", [
		input.resource.policy_changed_by, record.ago(input.resource.policy_changed_days_ago), input.params.tag,
	])
}
