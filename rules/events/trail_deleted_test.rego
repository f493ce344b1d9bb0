package rules.events.trail_deleted_test

import data.rules.events.trail_deleted as rule

test_deleted if {
	rule.violation == {{
		"attribute": "name",
		"message": "deleted",
	}} with input.resource as {"name": "DeleteTrail"}
	rule.violation == {{
		"attribute": "name",
		"message": "deleted",
	}} with input.resource as {"name": "DeleteEventDataStore"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
