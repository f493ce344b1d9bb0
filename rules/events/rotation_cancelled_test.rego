package rules.events.rotation_cancelled_test

import data.rules.events.rotation_cancelled as rule

test_cancelled if {
	rule.violation == {{
		"attribute": "name",
		"message": "automatic rotation was cancelled",
	}} with input.resource as {"name": "CancelRotateSecret"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
