package rules.events.rotation_code_changed_test

import data.rules.events.rotation_code_changed as rule

test_changed if {
	rule.violation == {{
		"attribute": "rotation_function",
		"message": "the code of a rotation function was changed",
	}} with input.resource as {"rotation_function": true}
}

test_other if count(rule.violation) == 0 with input.resource as {"rotation_function": false}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
