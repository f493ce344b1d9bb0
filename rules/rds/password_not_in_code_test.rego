package rules.rds.password_not_in_code_test

import data.rules.rds.password_not_in_code as rule

applies(resource) := answer if {
	answer := rule.not_applicable with input.resource as resource
}

judge(resource) := answer if {
	answer := rule.violation with input.resource as resource
}

test_written if {
	judge({"password_in_code": true}) == {{
		"attribute": "password_in_code",
		"message": "its master password is written in the code",
	}}
	count(applies({"password_in_code": true})) == 0
}

test_not_written if {
	count(judge({"password_in_code": false})) == 0
	count(applies({"password_in_code": false})) == 0
}

test_live if applies({}) == {"no code is at hand to look into"}
