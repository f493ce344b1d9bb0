package rules.secretsmanager.required_tags_test

import data.rules.secretsmanager.required_tags as rule

judge(keys) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"tag_keys": keys},
		"params": {"tags": ["owner", "env", "data-classification"]},
	}
}

test_complete if {
	count(judge(["owner", "env", "data-classification", "extra"])) == 0
	count(rule.not_applicable) == 0 with input.resource as {"tag_keys": [], "is_replica": false}
}

test_none if judge([]) == {"tags are missing: owner, env, data-classification"}

test_one_missing if judge(["env", "data-classification"]) == {"tags are missing: owner"}

test_case_matters if judge(["Owner", "env", "data-classification"]) == {"tags are missing: owner"}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
	rule.not_applicable == {"rds made it and manages it"} with input.resource as {"owning_service": "rds"}
}
