package rules.cloudtrail.kms_encryption_test

import data.rules.cloudtrail.kms_encryption as rule

test_encrypted if {
	count(rule.violation) == 0 with input.resource as {"kms_key": "arn:aws:kms:us-east-1:111122223333:key/1234"}
}

test_not_encrypted if {
	rule.violation == {{"attribute": "kms_key", "message": "its logs are not encrypted with a KMS key"}} with input.resource as {}
}
