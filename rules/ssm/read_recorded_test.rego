package rules.ssm.read_recorded_test

import data.rules.ssm.read_recorded as rule

judge(resource) := answer if {
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": {"max_days": 90}}
}

test_read if {
	judge({"last_read_event_days_ago": 0, "unread_days_at_least": 0}) == set()
	judge({"last_read_event_days_ago": 89, "unread_days_at_least": 89}) == set()
}

test_long_ago if {
	judge({"last_read_event_days_ago": 90, "unread_days_at_least": 90}) == {"CloudTrail recorded no read in any region in 90 days"}
}

test_never if {
	judge({"unread_days_at_least": 89}) == set()
	judge({"unread_days_at_least": 90}) == {"CloudTrail recorded no read in any region in 90 days"}
}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"type": "SecureString"}

test_not_ours if rule.not_applicable == {"it is not a SecureString"} with input.resource as {"type": "String"}
