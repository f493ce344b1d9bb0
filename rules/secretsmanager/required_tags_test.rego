package rules.secretsmanager.required_tags_test

import data.rules.secretsmanager.required_tags as rule

judge(tags) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"tags": tags},
		"params": {"tags": ["owner", "env", "data-classification"]},
	}
}

test_complete if {
	count(judge({"owner": "team-pay", "env": "prod", "data-classification": "", "extra": "x"})) == 0
	count(rule.not_applicable) == 0 with input.resource as {"tags": {}, "is_replica": false}
}

test_none if judge({}) == {"tags are missing: owner, env, data-classification"}

test_one_missing if judge({"env": "prod", "data-classification": "public"}) == {"tags are missing: owner"}

test_case_matters if judge({"Owner": "x", "env": "prod", "data-classification": "public"}) == {"tags are missing: owner"}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
	rule.not_applicable == {"rds made it and manages it"} with input.resource as {"owning_service": "rds"}
}
