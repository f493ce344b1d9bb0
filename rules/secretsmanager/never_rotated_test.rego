package rules.secretsmanager.never_rotated_test

import data.rules.secretsmanager.never_rotated as rule

secret := {"rotation_enabled": true, "rotation_interval_days": 30, "created_days_ago": 400, "last_changed_days_ago": 2}

judge(change) := answer if {
	answer := {v.message | some v in rule.violation} with input as {"resource": object.union(secret, change), "params": {"grace_days": 7}}
}

applies(change) := answer if {
	answer := rule.not_applicable with input as {"resource": object.union(secret, change), "params": {"grace_days": 7}}
}

test_never if {
	judge({}) == {"never rotated since it was made 400 days ago, the schedule says every 30 days"}
	judge({"created_days_ago": 38}) == {"never rotated since it was made 38 days ago, the schedule says every 30 days"}
	count(applies({})) == 0
}

test_rotated if count(judge({"last_rotated_days_ago": 12})) == 0

# prowler secretsmanager_secret_rotated_periodically fails a secret that was made today.
test_new if {
	count(judge({"created_days_ago": 0})) == 0
	count(judge({"created_days_ago": 37})) == 0
}

test_of_a_service if {
	count(applies({"owning_service": "rds"})) == 0
	count(judge({"owning_service": "rds"})) == 1
}

test_not_ours if {
	applies({"rotation_enabled": false}) == {"rotation is off"}
	applies({"is_replica": true}) == {"a replica: its primary is judged"}
	applies({"deletion_scheduled": true}) == {"scheduled for deletion"}
	applies({"last_changed_days_ago": 38}) == {"it has not changed for longer than its schedule, which SM-003 judges"}
}

test_no_schedule if {
	rule.not_applicable == {"rotation has no schedule, which SM-002 judges"} with input as {
		"resource": {"rotation_enabled": true, "created_days_ago": 400, "last_changed_days_ago": 2},
		"params": {"grace_days": 7},
	}
}
