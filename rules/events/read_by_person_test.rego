package rules.events.read_by_person_test

import data.rules.events.read_by_person as rule

judge(human, allowed) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"human": human, "who": "arn:aws:iam::111122223333:role/support"},
		"params": {"allowed_roles": allowed},
	}
}

test_person if judge(true, []) == {"read by a person"}

test_allowed if judge(true, ["arn:aws:iam::*:role/support"]) == set()

test_workload if judge(false, []) == set()

test_other_rules if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "done", "principal_type": "Root"}
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "done", "principal_type": "IAMUser"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done", "principal_type": "AssumedRole"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
