package rules.secretsmanager.value_not_in_code_test

import data.rules.secretsmanager.value_not_in_code as rule

applies(resource) := answer if {
	answer := rule.not_applicable with input.resource as resource
}

judge(resource) := answer if {
	answer := rule.violation with input.resource as resource
}

test_written if {
	judge({"value_in_code": true}) == {{"attribute": "value_in_code", "message": "its value is written in the code"}}
	count(applies({"value_in_code": true})) == 0
}

test_not_written if {
	count(judge({"value_in_code": false})) == 0
	count(applies({"value_in_code": false})) == 0
}

test_live if applies({}) == {"no code is at hand to look into"}
