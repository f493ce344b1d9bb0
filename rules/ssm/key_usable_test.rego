package rules.ssm.key_usable_test

import data.rules.ssm.key_usable as rule

judge(key) := answer if {
	answer := {v.message | some v in rule.violation} with input.related.key as key
}

test_usable if {
	count(judge({"exists": true, "state": "Enabled"})) == 0
	count(rule.not_applicable) == 0 with input.resource as {"type": "SecureString", "default_key": false}
}

# prowler kms_cmk_not_deleted_unintentionally has no link to the parameters that a key protects.
test_not_usable if {
	judge({"exists": true, "state": "PendingDeletion"}) == {"its key is PendingDeletion"}
	judge({"exists": false}) == {"its key does not exist"}
}

test_not_ours if {
	rule.not_applicable == {"not a SecureString"} with input.resource as {"type": "String"}
	rule.not_applicable == {"encrypted with the default key, which AWS keeps usable"} with input.resource as {
		"type": "SecureString",
		"default_key": true,
	}
}
