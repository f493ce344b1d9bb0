package rules.secretsmanager.rotation_overdue_test

import data.rules.secretsmanager.rotation_overdue as rule

judge(resource, grace) := answer if {
	answer := rule.violation with input as {"resource": resource, "params": {"grace_days": grace}}
}

due(days) := {"next_rotation_in_days": days, "last_rotated_days_ago": 5, "last_changed_days_ago": 5, "rotation_interval_days": 30}

test_in_time if {
	count(judge(due(25), 0)) == 0
	count(judge(due(0), 0)) == 0
}

# -1 is the first day after the moment at which it was due.
test_overdue if {
	judge(due(-1), 0) == {{"attribute": "next_rotation_in_days", "message": "a rotation is overdue for 1 day"}}
	judge(due(-170), 0) == {{"attribute": "next_rotation_in_days", "message": "a rotation is overdue for 170 days"}}
}

test_grace if {
	count(judge(due(-3), 3)) == 0
	count(judge(due(-4), 3)) == 1
}

# prowler secretsmanager_automatic_rotation_enabled passes a secret whose rotation has failed for a year.
test_nothing_happened if {
	resource := {"last_rotated_days_ago": 400, "last_changed_days_ago": 399, "rotation_interval_days": 30}
	judge(resource, 0) == {{
		"attribute": "last_rotated_days_ago",
		"message": "neither rotated nor changed for 399 days, the schedule says every 30 days",
	}}
}

test_never_rotated if {
	count(judge({"last_changed_days_ago": 31, "rotation_interval_days": 30}, 0)) == 1
	count(judge({"last_changed_days_ago": 31, "rotation_interval_days": 30}, 1)) == 0
}

# prowler secretsmanager_secret_rotated_periodically fails a new secret and one that is rotated by hand.
test_new_secret if count(judge({"next_rotation_in_days": 30, "last_changed_days_ago": 0, "rotation_interval_days": 30}, 0)) == 0

test_value_put_by_hand if {
	resource := {"next_rotation_in_days": 25, "last_rotated_days_ago": 60, "last_changed_days_ago": 5, "rotation_interval_days": 30}
	count(judge(resource, 0)) == 0
}

# steampipe secretsmanager_secret_rotated_as_scheduled has no answer for a secret rotated on time.
test_rotated_in_time if {
	count(judge({"last_rotated_days_ago": 30, "last_changed_days_ago": 31, "rotation_interval_days": 30}, 0)) == 0
}

# The same steampipe control and AWS's old schedule of a rotation that was turned off.
test_off if rule.not_applicable == {"rotation is off"} with input.resource as {"rotation_enabled": false, "next_rotation_in_days": -9}

# Redshift can lose the key of its secret as anybody can.
test_of_a_service if {
	redshift := object.union(due(-9), {"owning_service": "redshift", "rotation_enabled": true, "is_replica": false})
	count(rule.not_applicable) == 0 with input.resource as redshift
	count(judge(redshift, 0)) == 1
}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"rotation_enabled": true, "is_replica": false}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true, "rotation_enabled": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true, "rotation_enabled": true}
}
