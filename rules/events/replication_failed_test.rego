package rules.events.replication_failed_test

import data.rules.events.replication_failed as rule

test_failed if {
	rule.violation == {{
		"attribute": "message",
		"message": "replication failed: access denied",
	}} with input.resource as {"message": "access denied"}
}

test_without_reason if {
	rule.violation == {{
		"attribute": "message",
		"message": "replication failed: no reason is given",
	}} with input.resource as {}
}
