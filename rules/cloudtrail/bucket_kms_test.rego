package rules.cloudtrail.bucket_kms_test

import data.rules.cloudtrail.bucket_kms as rule

judge(kind, require) := answer if {
	answer := rule.violation with input as {
		"resource": {"bucket_exists": true, "bucket_encryption": kind},
		"params": {"require_kms": require},
	}
}

test_kms if {
	count(judge("aws:kms", true)) == 0
	count(judge("aws:kms:dsse", true)) == 0
}

test_not_kms if {
	judge("AES256", true) == {{
		"attribute": "bucket_encryption",
		"message": "its bucket encrypts by default with AES256, not with a KMS key",
	}}
	count(judge("AES256", false)) == 0
}

test_none if {
	rule.violation == {{"attribute": "bucket_encryption", "message": "its bucket has no default encryption"}} with input as {
		"resource": {"bucket_exists": true},
		"params": {"require_kms": false},
	}
}

test_gone if rule.not_applicable == {"its bucket does not exist, which CT-006 judges"} with input.resource as {"bucket_exists": false}
