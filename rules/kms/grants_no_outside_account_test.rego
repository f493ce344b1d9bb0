package rules.kms.grants_no_outside_account_test

import data.rules.kms.grants_no_outside_account as rule

judge(outside, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"grant_outside_accounts": outside},
		"params": {"trusted_accounts": trusted},
	}
}

test_none if {
	count(judge([], [])) == 0
	count(rule.not_applicable) == 0 with input.resource as {"manager": "CUSTOMER"}
}

# prowler kms_key_not_publicly_accessible does not read grants.
test_outside if {
	judge(["999999999999"], []) == {"account 999999999999, which is outside the organization, holds a grant"}
	count(judge(["999999999999"], ["999999999999"])) == 0
}

test_aws_managed if rule.not_applicable == {"an AWS managed key"} with input.resource as {"manager": "AWS"}

# Of 555555555555 nobody could say: grant_outside_accounts is unknown then.
test_certain_beside_undecided if {
	judge_certain([]) == {concat("", [
		"account 999999999999, which is outside the organization, holds a grant",
		"; whether 555555555555 is outside too, nobody could say",
	])}
	count(judge_certain(["999999999999"])) == 0
}

judge_certain(trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"grant_outsiders": [{"account": "555555555555", "certain": false}, {"account": "999999999999", "certain": true}]},
		"params": {"trusted_accounts": trusted},
	}
}
