package rules.secretsmanager.replica_has_primary_test

import data.rules.secretsmanager.replica_has_primary as rule

document(exists) := {
	"resource": {"is_replica": true, "primary_region": "us-east-1"},
	"related": {"primary": {"exists": exists}},
}

test_orphan if {
	{v.message | some v in rule.violation} == {"its primary in us-east-1 does not exist"} with input as document(false)
}

test_in_order if {
	count(rule.violation) == 0 with input as document(true)
	count(rule.not_applicable) == 0 with input as document(true)
}

test_not_ours if {
	rule.not_applicable == {"not a replica"} with input.resource as {"is_replica": false}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"is_replica": true, "deletion_scheduled": true}
}
