package rules.events.parameter_unencrypted_test

import data.rules.events.parameter_unencrypted as rule

judge(type, name) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"request_parameter_type": type, "targets": [name]},
		"params": {"names": ["*password*", "*token"]},
	}
}

test_plain if {
	judge("String", "/app/DB_PASSWORD") == {"written in plain, as String, with the name of a credential"}
	judge("StringList", "/app/token") == {"written in plain, as StringList, with the name of a credential"}
}

test_other if {
	judge("SecureString", "/app/db_password") == set()
	judge("String", "/app/colour") == set()
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied", "request_parameter_type": "String"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done", "request_parameter_type": "String"}
}

test_no_type if {
	rule.not_applicable == {"the call gave no type, so it keeps the one that it had"} with input.resource as {"outcome": "done"}
}
