package rules.secretsmanager.changed_by_rotation_test

import data.rules.secretsmanager.changed_by_rotation as rule

judge(resource) := within(resource, 90)

within(resource, days) := answer if {
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": {"recent_days": days}}
}

test_by_rotation if judge({"rotation_enabled": true}) == set()

test_by_hand if judge({"last_human_value_days_ago": 1, "last_human_writer": "ada"}) == {"ada stored a value by hand 1 day ago"}

test_long_ago if judge({"last_human_value_days_ago": 91, "last_human_writer": "ada"}) == set()

test_recent_is_yours_to_say if {
	within({"last_human_value_days_ago": 91, "last_human_writer": "ada"}, 365) == {"ada stored a value by hand 91 days ago"}
	within({"last_human_value_days_ago": 90, "last_human_writer": "ada"}, 30) == set()
}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"rotation_enabled": true, "is_replica": false}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true, "rotation_enabled": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true, "rotation_enabled": true}
	rule.not_applicable == {"rds made it and manages it"} with input.resource as {"owning_service": "rds", "rotation_enabled": true}
	rule.not_applicable == {"rotation is off"} with input.resource as {"rotation_enabled": false}
}
