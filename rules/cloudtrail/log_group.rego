# METADATA
# title: Trails send their events to CloudWatch Logs
# description: >-
#   Files in a bucket are read after something went wrong. Events in a log group can be watched as they come.
#   An organization's trail is judged in the account that owns it, not in each member.
# scope: package
# custom:
#   id: CT-010
#   kind: trail
#   severity: low
#   topics: [CT-CWL]
#   controls:
#     hipaa: ["164.308(a)(1)(ii)(D)"]
#     soc2: ["CC7.2", "CC7.3"]
#     pci_dss: ["10.4.1.1"]
#   remediation:
#     text: Name a log group, and a role that lets CloudTrail write to it.
#     command: >-
#       aws cloudtrail update-trail --name {id} --region {region}
#       --cloud-watch-logs-log-group-arn LOG_GROUP_ARN --cloud-watch-logs-role-arn ROLE_ARN
#     hcl: |-
#       resource "aws_cloudtrail" "NAME" {
#         cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.LOGGROUP.arn}:*"
#         cloud_watch_logs_role_arn  = aws_iam_role.ROLE.arn
#       }
#     cloudformation: |-
#       NAME:
#         Type: AWS::CloudTrail::Trail
#         Properties:
#           CloudWatchLogsLogGroupArn: !GetAtt LOGGROUP.Arn
#           CloudWatchLogsRoleArn: !GetAtt ROLE.Arn
package rules.cloudtrail.log_group

import data.lib.trail

not_applicable contains trail.not_management if {
	not input.resource.management_read
	not input.resource.management_write
}

violation contains {"attribute": "log_group", "message": "it sends no events to CloudWatch Logs"} if {
	not input.resource.log_group
}

violation contains {"attribute": "log_group_error", "message": message} if {
	message := sprintf("the delivery to its log group fails: %s", [input.resource.log_group_error])
}
