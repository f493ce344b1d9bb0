package rules.events.rotation_function_opened_test

import data.rules.events.rotation_function_opened as rule

test_opened if {
	rule.violation == {{
		"attribute": "request_grantee_outside",
		"message": "* may invoke a rotation function",
	}} with input.resource as {"rotation_function": true, "request_grantee_outside": true, "request_grantee": "*"}
}

test_other if {
	count(rule.violation) == 0 with input.resource as {"rotation_function": false, "request_grantee_outside": true, "request_grantee": "*"}
	count(rule.violation) == 0 with input.resource as {"rotation_function": true, "request_grantee_outside": false, "request_grantee": "s"}
}

test_another_service if {
	opened_to("apigateway.amazonaws.com") == {concat("", [
		"apigateway.amazonaws.com may invoke a rotation function,",
		" and only Secrets Manager has to",
	])}
	count(opened_to("events.amazonaws.com.cn")) == 1
	count(opened_to("secretsmanager.amazonaws.com")) == 0
	count(opened_to("secretsmanager.amazonaws.com.cn")) == 0
	count(opened_to("arn:aws:iam::111122223333:root")) == 0
}

opened_to(grantee) := answer if {
	answer := {v.message | some v in rule.violation} with input.resource as {
		"rotation_function": true, "request_grantee_outside": false, "request_grantee": grantee,
	}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
