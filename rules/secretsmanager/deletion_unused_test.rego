package rules.secretsmanager.deletion_unused_test

import data.rules.secretsmanager.deletion_unused as rule

judge(resource) := answer if {
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": {"recent_days": 30}}
}

test_in_use if {
	judge({"last_used_days_ago": 30}) == {"will be deleted, and was read 30 days ago"}
	judge({"last_used_days_ago": 1}) == {"will be deleted, and was read 1 day ago"}
}

test_unused if {
	count(judge({"last_used_days_ago": 31})) == 0
	count(judge({})) == 0
}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"deletion_scheduled": true}

test_not_planned if rule.not_applicable == {"no deletion is planned"} with input.resource as {"deletion_scheduled": false}
