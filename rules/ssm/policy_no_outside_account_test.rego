package rules.ssm.policy_no_outside_account_test

import data.rules.ssm.policy_no_outside_account as rule

judge(outside, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"outside_accounts": outside},
		"params": {"trusted_accounts": trusted},
	}
}

test_none if count(judge([], [])) == 0

test_outside if {
	judge(["999999999999", "o-other"], []) == {
		"its policy lets in account 999999999999, which is outside the organization",
		"its policy lets in organization o-other, which is not your own",
	}
}

test_trusted if {
	count(judge(["999999999999"], ["999999999999"])) == 0
	judge(["999999999999", "888888888888"], ["999999999999"]) == {
		"its policy lets in account 888888888888, which is outside the organization",
	}
}
