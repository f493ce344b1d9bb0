package rules.ssm.customer_key_test

import data.rules.ssm.customer_key as rule

test_customer_key if {
	count(rule.violation) == 0 with input as {
		"resource": {"type": "SecureString", "default_key": false},
		"related": {"key": {"manager": "CUSTOMER"}},
	}
	count(rule.not_applicable) == 0 with input.resource as {"type": "SecureString"}
}

# checkov CKV_AWS_337 passes alias/aws/ssm.
test_default_key if {
	rule.violation == {{"attribute": "kms_key", "message": "encrypted with the default key aws/ssm"}} with input as {
		"resource": {"type": "SecureString", "default_key": true, "kms_key": "alias/aws/ssm"},
		"related": {"key": {"manager": "AWS"}},
	}
}

test_aws_managed_key_by_arn if {
	rule.violation == {{"attribute": "kms_key", "message": "encrypted with a key that AWS manages"}} with input as {
		"resource": {"type": "SecureString", "default_key": false},
		"related": {"key": {"manager": "AWS"}},
	}
}

test_plain if {
	rule.not_applicable == {"not a SecureString"} with input.resource as {"type": "String"}
	rule.not_applicable == {"not a SecureString"} with input.resource as {"type": "StringList"}
}
