package rules.events.rotation_abandoned_test

import data.rules.events.rotation_abandoned as rule

test_abandoned if {
	rule.violation == {{
		"attribute": "name",
		"message": "a rotation that had begun was abandoned",
	}} with input.resource as {"name": "RotationAbandoned"}
}
