package rules.events.used_after_silence_test

import data.rules.events.used_after_silence as rule

test_read if {
	rule.violation == {{
		"attribute": "targets",
		"message": "read",
	}} with input.resource as {"name": "GetSecretValue"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
