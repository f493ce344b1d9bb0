package rules.cloudtrail.log_group_test

import data.rules.cloudtrail.log_group as rule

group := "arn:aws:logs:us-east-1:111122223333:log-group:trail:*"

# prowler cloudtrail_cloudwatch_logging_enabled compares UTC with the scanner's own time of day; no date is needed.
test_sent if {
	count(rule.violation) == 0 with input.resource as {"log_group": group}
	count(rule.not_applicable) == 0 with input.resource as {"log_group": group, "management_write": true}
	count(rule.not_applicable) == 0 with input.resource as {"log_group": group, "management_read": true}
}

# scoutsuite cloudtrail-no-cloudwatch-integration may miss a trail that was never integrated.
test_not_sent if {
	rule.violation == {{"attribute": "log_group", "message": "it sends no events to CloudWatch Logs"}} with input.resource as {}
}

test_fails if {
	rule.violation == {{
		"attribute": "log_group_error",
		"message": "the delivery to its log group fails: AccessDenied",
	}} with input.resource as {"log_group": group, "log_group_error": "AccessDenied"}
}

test_data_events_only if {
	rule.not_applicable == {"it is not meant to record all management events"} with input.resource as {
		"management_read": false,
		"management_write": false,
	}
}
