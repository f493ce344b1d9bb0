package rules.events.key_disabled_test

import data.rules.events.key_disabled as rule

test_disabled if {
	rule.violation == {{
		"attribute": "name",
		"message": "disabled",
	}} with input.resource as {"name": "DisableKey"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
