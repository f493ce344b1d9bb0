package rules.events.replica_promoted_test

import data.rules.events.replica_promoted as rule

test_promoted if {
	rule.violation == {{
		"attribute": "name",
		"message": "the replica became a secret of its own",
	}} with input.resource as {"name": "StopReplicationToReplica"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
