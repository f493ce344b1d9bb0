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

# Of 555555555555 nobody could say: outside_accounts is unknown then.
test_certain_beside_undecided if {
	judge_certain([]) == {concat("", [
		"its policy lets in account 999999999999, which is outside the organization",
		"; whether 555555555555 is outside too, nobody could say",
	])}
	judge_certain(["555555555555"]) == {"its policy lets in account 999999999999, which is outside the organization"}
	count(judge_certain(["999999999999"])) == 0
}

judge_certain(trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"outsiders": [{"account": "555555555555", "certain": false}, {"account": "999999999999", "certain": true}]},
		"params": {"trusted_accounts": trusted},
	}
}

# Where all is known, both attributes say the same.
test_said_once if {
	count(rule.violation) == 1 with input as {
		"resource": {"outside_accounts": ["999999999999"], "outsiders": [{"account": "999999999999", "certain": true}]},
		"params": {"trusted_accounts": []},
	}
}

test_through_a_network if {
	judge_networks([]) == {concat("", [
		"its policy lets in principals of any account through vpce-0123456789abcdef0,",
		" since no condition says who",
	])}
	count(judge_networks(["vpce-0123456789abcdef0"])) == 0
}

judge_networks(trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"open_networks": ["vpce-0123456789abcdef0"]},
		"params": {"trusted_accounts": [], "trusted_networks": trusted},
	}
}
