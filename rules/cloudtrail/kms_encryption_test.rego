package rules.cloudtrail.kms_encryption_test

import data.rules.cloudtrail.kms_encryption as rule

test_encrypted if {
	count(rule.violation) == 0 with input.resource as {"kms_encrypted": true}
}

test_not_encrypted if {
	rule.violation == {{
		"attribute": "kms_key",
		"message": "its logs are not encrypted with a KMS key",
	}} with input.resource as {"kms_encrypted": false}
}
