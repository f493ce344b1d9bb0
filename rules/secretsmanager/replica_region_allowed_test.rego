package rules.secretsmanager.replica_region_allowed_test

import data.rules.secretsmanager.replica_region_allowed as rule

europe := {"allowed_regions": ["eu-west-1", "eu-central-1"]}

replicated := {"replicas": [{"region": "eu-west-1"}, {"region": "us-east-1"}]}

test_outside if {
	{v.message | some v in rule.violation} == {"is replicated to us-east-1, allowed are eu-west-1, eu-central-1"} with input as {
		"resource": replicated,
		"params": europe,
	}
}

test_inside if count(rule.violation) == 0 with input as {"resource": {"replicas": [{"region": "eu-west-1"}]}, "params": europe}

test_applies if count(rule.not_applicable) == 0 with input as {"resource": replicated, "params": europe}

test_all_allowed if {
	rule.not_applicable == {"no regions are named in allowed_regions, so that all are allowed"} with input as {
		"resource": replicated,
		"params": {"allowed_regions": []},
	}
}

test_not_ours if {
	rule.not_applicable == {"it has no replicas"} with input as {"resource": {"replicas": []}, "params": europe}
	rule.not_applicable == {"a replica: its primary is judged"} with input as {
		"resource": object.union(replicated, {"is_replica": true}),
		"params": europe,
	}
	rule.not_applicable == {"scheduled for deletion"} with input as {
		"resource": object.union(replicated, {"deletion_scheduled": true}),
		"params": europe,
	}
}
