package rules.events.replica_removed_test

import data.rules.events.replica_removed as rule

test_removed if {
	rule.violation == {{
		"attribute": "request_replica_regions",
		"message": "its replica in eu-west-1 was removed",
	}} with input.resource as {"request_replica_regions": ["eu-west-1"]}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
