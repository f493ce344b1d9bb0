package rules.secretsmanager.manual_value_age_test

import data.rules.secretsmanager.manual_value_age as rule

judge(resource) := answer if {
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": {"max_days": 90}}
}

applies(resource) := answer if {
	answer := rule.not_applicable with input as {"resource": resource, "params": {"max_days": 90}}
}

test_old if {
	judge({"last_changed_days_ago": 91}) == {"not changed in any way for 91 days, so its value is no younger; allowed are 90"}
	judge({"last_changed_days_ago": 91, "value_days_ago": 91}) == {
		"not changed in any way for 91 days, so its value is no younger; allowed are 90",
	}
}

# steampipe secretsmanager_secret_last_changed_90_day goes by the last change alone: editing a tag resets it.
test_tag_edited if judge({"last_changed_days_ago": 2, "value_days_ago": 300}) == {"its value is 300 days old, allowed are 90"}

test_young if count(judge({"last_changed_days_ago": 2, "value_days_ago": 2})) == 0

test_applies if count(applies({"created_days_ago": 91, "rotation_enabled": false})) == 0

test_not_ours if {
	applies({"created_days_ago": 90}) == {"made 90 days ago, so its value is no older"}
	applies({"created_days_ago": 400, "rotation_enabled": true}) == {"rotation is on, which SM-003 judges"}
	applies({"created_days_ago": 400, "is_replica": true}) == {"a replica: its primary is judged"}
	applies({"created_days_ago": 400, "deletion_scheduled": true}) == {"scheduled for deletion"}
	applies({"created_days_ago": 400, "owning_service": "rds"}) == {"rds made it and manages it"}
}
