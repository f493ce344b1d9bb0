# METADATA
# title: Changes of a key's policy carry a ticket
# description: >-
#   Who may read is decided in the policy. A change that no ticket asked for is one that nobody
#   reviewed. The tag names the ticket of the last change.
# scope: package
# custom:
#   id: KMS-010
#   kind: key
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
#     command: aws kms tag-resource --key-id {id} --region {region} --tags TagKey=change-ticket,TagValue=TICKET
package rules.kms.policy_change_ticketed

import data.lib.keys
import data.lib.record

not_applicable contains keys.aws_managed if input.resource.manager == "AWS"

violation contains {"attribute": "policy_changed_days_ago", "message": message} if {
	input.resource.policy_changed_days_ago <= input.params.recent_days
	not input.params.tag in object.keys(input.resource.tags)
	message := sprintf("%s changed its policy %s, and no tag %s says why", [
		input.resource.policy_changed_by, record.ago(input.resource.policy_changed_days_ago), input.params.tag,
	])
}
