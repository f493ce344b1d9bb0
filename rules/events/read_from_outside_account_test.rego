package rules.events.read_from_outside_account_test

import data.rules.events.read_from_outside_account as rule

judge(outside, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"principal_outside": outside, "principal_account": "999999999999"},
		"params": {"trusted_accounts": trusted},
	}
}

test_outside if judge(true, []) == {"read from account 999999999999, which is outside"}

test_trusted if judge(true, ["999999999999"]) == set()

test_inside if judge(false, []) == set()

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
