package rules.lambda.no_plaintext_env_test

import data.rules.lambda.no_plaintext_env as rule

judge(credentials) := answer if {
	answer := {v.message | some v in rule.violation} with input.resource as {"env_credentials": credentials}
}

# steampipe lambda_function_variables_no_sensitive_data fails DB_SECRET_ARN; what a variable holds is
# decided where it is read.
test_none if count(judge([])) == 0

test_credentials if {
	judge([
		{"rule": "password", "title": "password", "place": "DB_PASSWORD"},
		{"rule": "aws-access-token", "title": "AWS access key", "place": "KEY"},
		{"rule": "pem", "title": "private key"},
	]) == {
		"the variable DB_PASSWORD holds a credential: password",
		"the variable KEY holds a credential: AWS access key",
		"the variable ? holds a credential: private key",
	}
}
