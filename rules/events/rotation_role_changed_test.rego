package rules.events.rotation_role_changed_test

import data.rules.events.rotation_role_changed as rule

test_changed if {
	rule.violation == {{
		"attribute": "request_role",
		"message": "a rotation function got the role arn:aws:iam::111122223333:role/x",
	}} with input.resource as {"rotation_function": true, "request_role": "arn:aws:iam::111122223333:role/x"}
}

test_other if {
	count(rule.violation) == 0 with input.resource as {"rotation_function": false, "request_role": "r"}
	count(rule.violation) == 0 with input.resource as {"rotation_function": true}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
