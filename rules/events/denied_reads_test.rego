package rules.events.denied_reads_test

import data.rules.events.denied_reads as rule

test_denied if {
	rule.violation == {{
		"attribute": "outcome",
		"message": "is denied secrets or parameters",
	}} with input.resource as {"outcome": "denied"}
}

test_done if count(rule.violation) == 0 with input.resource as {"outcome": "done"}
