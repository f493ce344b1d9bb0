package rules.events.key_events_excluded_test

import data.rules.events.key_events_excluded as rule

judge(excluded) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"request_excluded": excluded},
		"params": {"services": ["kms.amazonaws.com"]},
	}
}

test_excluded if judge(["kms.amazonaws.com"]) == {"its selectors leave out kms.amazonaws.com"}

test_kept if {
	judge([]) == set()
	judge(["rdsdata.amazonaws.com"]) == set()
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
