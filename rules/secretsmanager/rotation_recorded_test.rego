package rules.secretsmanager.rotation_recorded_test

import data.rules.secretsmanager.rotation_recorded as rule

judge(resource) := answer if {
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": {"grace_days": 1}}
}

rotated(days) := {
	"last_rotation_event_days_ago": days, "unrotated_days_at_least": days,
	"rotation_interval_days": 30, "rotation_failing": false,
}

test_in_time if {
	judge(rotated(0)) == set()
	judge(rotated(31)) == set()
}

test_late if judge(rotated(32)) == {"no rotation succeeded in 32 days, the schedule says every 30 days"}

# Absent: never since it was made, by a record that reaches so far.
test_never if {
	judge({"unrotated_days_at_least": 31, "rotation_interval_days": 30}) == set()
	judge({"unrotated_days_at_least": 90, "rotation_interval_days": 30}) == {
		"no rotation succeeded in 90 days, the schedule says every 30 days",
	}
}

test_failing if {
	judge(object.union(rotated(5), {"rotation_failing": true})) == {"the last rotation failed or was abandoned"}
}

on := {"rotation_enabled": true, "is_replica": false, "rotation_interval_days": 30}

reason(with_these) := answer if answer := rule.not_applicable with input.resource as object.union(on, with_these)

test_applies if reason({}) == set()

test_not_ours if {
	reason({"is_replica": true}) == {"a replica: its primary is judged"}
	reason({"deletion_scheduled": true}) == {"scheduled for deletion"}
	reason({"owning_service": "rds"}) == {"rds made it and manages it"}
	reason({"rotation_enabled": false}) == {"rotation is off"}
	rule.not_applicable == {"it has no schedule"} with input.resource as {"rotation_enabled": true}
}
