package rules.secretsmanager.rotation_interval_test

import data.rules.secretsmanager.rotation_interval as rule

judge(days) := answer if {
	answer := rule.violation with input as {"resource": {"rotation_interval_days": days}, "params": {"max_days": 90}}
}

test_boundary if {
	count(judge(90)) == 0
	judge(91) == {{"attribute": "rotation_interval_days", "message": "rotates every 91 days, allowed are 90"}}
}

# A rate in hours; 0 days would be no schedule to a rule that asks for truth.
test_short if {
	count(judge(1)) == 0
	count(judge(0)) == 0
}

# checkov CKV_AWS_304 lets any cron() pass; the interval of a yearly one is 366 days.
test_yearly_cron if {
	judge(366) == {{"attribute": "rotation_interval_days", "message": "rotates every 366 days, allowed are 90"}}
}

test_no_schedule if {
	rule.violation == {{"attribute": "rotation_interval_days", "message": "rotation is on but has no schedule"}} with input as {
		"resource": {"rotation_enabled": true},
		"params": {"max_days": 90},
	}
}

# The schedule of a managed rotation is the customer's to choose, and a year is one of the choices.
test_of_a_service if {
	rds := {"owning_service": "rds", "rotation_enabled": true, "is_replica": false, "rotation_interval_days": 365}
	count(rule.not_applicable) == 0 with input.resource as rds
	messages := {v.message | some v in rule.violation} with input as {"resource": rds, "params": {"max_days": 90}}
	messages == {"rotates every 365 days, allowed are 90"}
}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"rotation_enabled": true, "is_replica": false}

# AWS keeps the old schedule of a rotation that was turned off.
test_off if rule.not_applicable == {"rotation is off"} with input.resource as {"rotation_enabled": false, "rotation_interval_days": 365}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true, "rotation_enabled": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true, "rotation_enabled": true}
}
