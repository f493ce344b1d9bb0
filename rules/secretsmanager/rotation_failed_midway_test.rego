package rules.secretsmanager.rotation_failed_midway_test

import data.rules.secretsmanager.rotation_failed_midway as rule

midway := {{
	"attribute": "pending_version",
	"message": "a rotation was left midway: a version is AWSPENDING and not AWSCURRENT",
}}

judge(resource, grace) := answer if {
	answer := rule.violation with input as {"resource": resource, "params": {"grace_days": grace}}
}

test_none_pending if count(judge({"pending_version": false, "last_changed_days_ago": 3}, 0)) == 0

test_pending if {
	judge({"pending_version": true, "last_changed_days_ago": 0}, 0) == midway
	judge({"pending_version": true, "last_changed_days_ago": 40}, 0) == midway
	judge({"pending_version": true}, 0) == midway
}

test_grace if {
	count(judge({"pending_version": true, "last_changed_days_ago": 0}, 1)) == 0
	judge({"pending_version": true, "last_changed_days_ago": 1}, 1) == midway
	judge({"pending_version": true}, 1) == midway
}

# CancelRotateSecret can leave the label behind.
test_judged_when_off if {
	count(rule.not_applicable) == 0 with input.resource as {"rotation_enabled": false, "owning_service": "rds", "is_replica": false}
}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
}
