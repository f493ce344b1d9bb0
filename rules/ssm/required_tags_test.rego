package rules.ssm.required_tags_test

import data.rules.ssm.required_tags as rule

judge(tags) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"tags": tags},
		"params": {"tags": ["owner", "env"]},
	}
}

test_complete if count(judge({"owner": "team-pay", "env": "prod"})) == 0

test_missing if {
	judge({}) == {"tags are missing: owner, env"}
	judge({"owner": "team-pay"}) == {"tags are missing: env"}
}
