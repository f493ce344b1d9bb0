package rules.secretsmanager.read_recorded_test

import data.rules.secretsmanager.read_recorded as rule

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

test_applies if {
	count(rule.not_applicable) == 0 with input.resource as {"is_replica": false}
	count(rule.not_applicable) == 0 with input.resource as {"is_replica": false, "owning_service": "appflow"}
}

test_master_user if {
	rule.not_applicable == {"rds keeps the password of a master user in it"} with input.resource as {"owning_service": "rds"}
}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
}
