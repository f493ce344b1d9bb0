package rules.events.validation_off_test

import data.rules.events.validation_off as rule

test_off if {
	rule.violation == {{
		"attribute": "request_validation",
		"message": "log file validation was turned off",
	}} with input.resource as {"request_validation": false}
}

test_on if {
	count(rule.violation) == 0 with input.resource as {"request_validation": true}
	count(rule.violation) == 0 with input.resource as {}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
