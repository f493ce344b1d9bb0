package rules.secretsmanager.replication_finishes_test

import data.rules.secretsmanager.replication_finishes as rule

judge(status, days) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"replica_states": [{"region": "eu-west-1", "status": status}], "last_changed_days_ago": days},
		"params": {"grace_days": 1},
	}
}

test_stuck if judge("InProgress", 1) == {"its replica in eu-west-1 is InProgress, though nothing has changed for 1 day"}

test_under_way if count(judge("InProgress", 0)) == 0

test_done if count(judge("InSync", 90)) == 0

# SM-012 judges what failed.
test_failed if count(judge("Failed", 90)) == 0

test_applies if count(rule.not_applicable) == 0 with input.resource as {"replicas": [{"region": "eu-west-1"}], "is_replica": false}

test_not_ours if {
	rule.not_applicable == {"it has no replicas"} with input.resource as {"replicas": []}
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true, "replicas": [{}]}
}
