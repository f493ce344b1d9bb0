package rules.events.trail_stopped_test

import data.rules.events.trail_stopped as rule

test_stopped if {
	rule.violation == {{
		"attribute": "name",
		"message": "recording was stopped",
	}} with input.resource as {"name": "StopLogging"}
	rule.violation == {{
		"attribute": "name",
		"message": "recording was stopped",
	}} with input.resource as {"name": "StopEventDataStoreIngestion"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
