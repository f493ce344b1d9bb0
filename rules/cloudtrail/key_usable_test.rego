package rules.cloudtrail.key_usable_test

import data.rules.cloudtrail.key_usable as rule

judge(key) := answer if {
	answer := {v.message | some v in rule.violation} with input.related.key as key
}

test_usable if {
	count(judge({"exists": true, "state": "Enabled"})) == 0
	count(rule.not_applicable) == 0 with input.resource as {"kms_encrypted": true}
}

# prowler cloudtrail_kms_encryption_enabled passes a trail whose key is disabled or about to be deleted.
test_not_usable if {
	judge({"exists": true, "state": "Disabled"}) == {"its key is Disabled"}
	judge({"exists": false}) == {"its key does not exist"}
}

test_not_encrypted if {
	rule.not_applicable == {"its logs are not encrypted with a KMS key, which CT-004 judges"} with input.resource as {}
}
