package rules.ssm.required_tags_test

import data.rules.ssm.required_tags as rule

judge(keys) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"tag_keys": keys},
		"params": {"tags": ["owner", "env"]},
	}
}

test_complete if count(judge(["owner", "env"])) == 0

test_missing if {
	judge([]) == {"tags are missing: owner, env"}
	judge(["owner"]) == {"tags are missing: env"}
}
