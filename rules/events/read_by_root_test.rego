package rules.events.read_by_root_test

import data.rules.events.read_by_root as rule

test_root if {
	rule.violation == {{
		"attribute": "principal_type",
		"message": "read by the root user",
	}} with input.resource as {"principal_type": "Root"}
}

test_role if count(rule.violation) == 0 with input.resource as {"principal_type": "AssumedRole"}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
