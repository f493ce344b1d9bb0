package rules.events.key_granted_outside_test

import data.rules.events.key_granted_outside as rule

judge(outside, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"request_grantee_outside": outside, "request_grantee": "arn:aws:iam::999999999999:role/x"},
		"params": {"trusted_accounts": trusted},
	}
}

test_account if {
	count(rule.violation) == 0 with input as {
		"resource": {"request_grantee_outside": true, "request_grantee": "999999999999"},
		"params": {"trusted_accounts": ["999999999999"]},
	}
}

test_outside if judge(true, []) == {"granted to arn:aws:iam::999999999999:role/x, which is outside"}

test_trusted if judge(true, ["999999999999"]) == set()

test_inside if judge(false, []) == set()

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
