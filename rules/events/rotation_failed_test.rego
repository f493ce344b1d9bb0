package rules.events.rotation_failed_test

import data.rules.events.rotation_failed as rule

test_failed if {
	rule.violation == {{
		"attribute": "message",
		"message": "a rotation failed: Error when executing lambda f during setSecret step",
	}} with input.resource as {"name": "RotationFailed", "message": "Error when executing lambda f during setSecret step"}
}

test_without_reason if {
	rule.violation == {{
		"attribute": "message",
		"message": "a rotation failed: no reason is given",
	}} with input.resource as {"name": "TestRotationFailed"}
}
