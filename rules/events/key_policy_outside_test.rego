package rules.events.key_policy_outside_test

import data.rules.events.key_policy_outside as rule

judge(outside, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"request_policy_outside": outside},
		"params": {"trusted_accounts": trusted},
	}
}

test_outside if {
	judge(["999999999999"], []) == {concat("", [
		"its new policy lets in account 999999999999,",
		" which the scan neither reads nor lists in its organization",
	])}
}

test_none if {
	judge([], []) == set()
	judge(["999999999999"], ["999999999999"]) == set()
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}

# Of o-unread nobody could say: request_policy_outside is unknown then.
test_certain_beside_undecided if {
	judge_certain([]) == {concat("", [
		"its new policy lets in account 999999999999, which the scan neither reads nor lists in its organization",
		"; whether o-unread is outside too, nobody could say",
	])}
	judge_certain(["o-unread"]) == {concat("", [
		"its new policy lets in account 999999999999,",
		" which the scan neither reads nor lists in its organization",
	])}
	judge_certain(["999999999999"]) == set()
}

judge_certain(trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"request_policy_outsiders": [{"account": "o-unread", "certain": false}, {"account": "999999999999", "certain": true}]},
		"params": {"trusted_accounts": trusted},
	}
}

test_through_a_network if {
	judge_networks([]) == {"its new policy lets in principals of any account through vpc-0a, since no condition says who"}
	judge_networks(["vpc-0a"]) == set()
}

judge_networks(trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"request_policy_networks": ["vpc-0a"]},
		"params": {"trusted_accounts": [], "trusted_networks": trusted},
	}
}
