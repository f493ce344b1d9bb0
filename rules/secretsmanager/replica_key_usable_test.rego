package rules.secretsmanager.replica_key_usable_test

import data.rules.secretsmanager.replica_key_usable as rule

judge(key) := answer if {
	answer := {v.message | some v in rule.violation} with input.related.key as key
}

test_usable if {
	count(judge({"exists": true, "state": "Enabled"})) == 0
	count(judge({"exists": true, "state": "Updating"})) == 0
	count(rule.not_applicable) == 0 with input.resource as {"is_replica": true, "default_key": false}
}

test_not_usable if {
	judge({"exists": true, "state": "Disabled"}) == {"its key is Disabled"}
	judge({"exists": false}) == {"its key does not exist"}
}

test_not_ours if {
	rule.not_applicable == {"not a replica"} with input.resource as {"is_replica": false}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"is_replica": true, "deletion_scheduled": true}
	rule.not_applicable == {"encrypted with the default key, which AWS keeps usable"} with input.resource as {
		"is_replica": true,
		"default_key": true,
	}
}
