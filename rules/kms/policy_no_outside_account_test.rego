package rules.kms.policy_no_outside_account_test

import data.rules.kms.policy_no_outside_account as rule

judge(outside, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"outside_accounts": outside},
		"params": {"trusted_accounts": trusted},
	}
}

test_none if {
	count(judge([], [])) == 0
	count(rule.not_applicable) == 0 with input.resource as {"manager": "CUSTOMER"}
}

test_outside if {
	judge(["999999999999"], []) == {"its policy lets in account 999999999999, which is outside the organization"}
	count(judge(["999999999999"], ["999999999999"])) == 0
}

test_aws_managed if rule.not_applicable == {"an AWS managed key"} with input.resource as {"manager": "AWS"}
