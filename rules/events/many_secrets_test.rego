package rules.events.many_secrets_test

import data.rules.events.many_secrets as rule

judge(allowed) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"who": "arn:aws:iam::111122223333:role/app"},
		"params": {"allowed_principals": allowed},
	}
}

test_counts if judge([]) == {"reads many secrets"}

test_allowed if judge(["*:role/app"]) == set()

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
