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

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
