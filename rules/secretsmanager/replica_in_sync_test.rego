package rules.secretsmanager.replica_in_sync_test

import data.rules.secretsmanager.replica_in_sync as rule

judge(replicas) := answer if {
	answer := {v.message | some v in rule.violation} with input.resource as {"replicas": replicas, "replica_states": replicas}
}

test_in_sync if {
	count(judge([{"region": "eu-west-1", "status": "InSync"}])) == 0
	count(rule.not_applicable) == 0 with input.resource as {"replicas": [{"region": "eu-west-1"}], "is_replica": false}
}

test_not_in_sync if {
	judge([
		{"region": "eu-west-1", "status": "Failed", "message": "Secret with this name already exists in this region"},
		{"region": "eu-central-1", "status": "Paused"},
		{"region": "eu-west-2", "status": "InProgress"},
		{"region": "eu-north-1", "status": "InSync"},
	]) == {
		"its replica in eu-west-1 is Failed: Secret with this name already exists in this region",
		"its replica in eu-central-1 is Paused",
	}
}

test_none if rule.not_applicable == {"it has no replicas"} with input.resource as {"replicas": []}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true, "replicas": [{}]}
}
