# METADATA
# title: Somebody is told when secrets, keys or policies go
# description: >-
#   A key that waits for its deletion can be saved, and a secret too, as long as somebody hears of it in time.
#   For each event there must be an alarm that acts, on a metric filter over the log group of a trail that records it,
#   or an enabled EventBridge rule with a target. A filter that matches some of the calls only does not count, nor does
#   an alarm that one event does not set off.
#   Whether anybody is at the other end of the topic is not looked at.
# scope: package
# custom:
#   id: ACC-002
#   kind: account
#   severity: medium
#   topics: [CT-ALARM-KMS]
#   controls:
#     hipaa: ["164.308(a)(1)(ii)(D)"]
#     soc2: ["CC7.2", "CC7.3"]
#     pci_dss: ["10.4.1.1"]
#   params:
#     events:
#       type: strings
#       default:
#         - "kms:DisableKey"
#         - "kms:ScheduleKeyDeletion"
#         - "kms:PutKeyPolicy"
#         - "secretsmanager:DeleteSecret"
#         - "secretsmanager:PutResourcePolicy"
#         - "secretsmanager:DeleteResourcePolicy"
#         - "cloudtrail:StopLogging"
#         - "cloudtrail:DeleteTrail"
#         - "cloudtrail:UpdateTrail"
#         - "cloudtrail:PutEventSelectors"
#       why: what destroys secrets and keys, opens them to others, or ends the record of it; all that is looked for
#   remediation:
#     text: Add an EventBridge rule for these events, with a topic or a ticket queue as its target, in each region.
#     command: aws events list-rules --region {region}
#     hcl: |-
#       resource "aws_cloudwatch_event_rule" "NAME" {
#         event_pattern = jsonencode({ detail-type = ["AWS API Call via CloudTrail"], detail = {
#           eventSource = ["kms.amazonaws.com", "secretsmanager.amazonaws.com", "cloudtrail.amazonaws.com"]
#           eventName = ["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DeleteSecret", "PutResourcePolicy",
#           "DeleteResourcePolicy", "StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"]
#         } })
#       }
#       resource "aws_cloudwatch_event_target" "NAME" {
#         rule = aws_cloudwatch_event_rule.NAME.name
#         arn  = aws_sns_topic.TOPIC.arn
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::Events::Rule
#         Properties:
#           EventPattern:
#             detail-type: [AWS API Call via CloudTrail]
#             detail:
#               eventSource: [kms.amazonaws.com, secretsmanager.amazonaws.com, cloudtrail.amazonaws.com]
#               eventName: [DisableKey, ScheduleKeyDeletion, PutKeyPolicy, DeleteSecret, PutResourcePolicy,
#                 DeleteResourcePolicy, StopLogging, DeleteTrail, UpdateTrail, PutEventSelectors]
#           Targets:
#             - {Id: topic, Arn: !Ref TOPIC}
package rules.account.deletion_alerted

violation contains {"attribute": "unalerted_events", "message": message} if {
	some event in input.resource.unalerted_events
	event in input.params.events
	message := sprintf("nobody is told of %s", [event])
}
