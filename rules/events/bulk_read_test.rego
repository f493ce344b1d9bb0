package rules.events.bulk_read_test

import data.rules.events.bulk_read as rule

judge(allowed) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"name": "BatchGetSecretValue", "who": "arn:aws:iam::111122223333:role/sync"},
		"params": {"allowed_principals": allowed},
	}
}

test_bulk if judge([]) == {"many secrets were read with one call"}

test_allowed if judge(["*:role/sync"]) == set()

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
