package rules.ssm.no_plaintext_credential_test

import data.rules.ssm.no_plaintext_credential as rule

judge(credentials) := answer if {
	answer := {v.message | some v in rule.violation} with input.resource as {"credentials": credentials}
}

# steampipe ssm_parameter_encryption_enabled and checkov CKV2_AWS_34 fail every plain parameter.
test_nothing_secret if count(judge([])) == 0

# checkov CKV_AWS_384 looks only at parameters whose name says secret or api key.
test_credential if {
	judge([
		{"rule": "aws-access-token", "title": "AWS access key"},
		{"rule": "generic", "title": "password", "place": "db.password"},
	]) == {
		"holds a credential in clear: AWS access key",
		"holds a credential in clear in db.password: password",
	}
}

# The value of a SecureString is never read, so it has no credentials attribute.
test_secure_string if count(rule.violation) == 0 with input.resource as {"type": "SecureString"}
