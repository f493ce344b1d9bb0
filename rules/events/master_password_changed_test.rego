package rules.events.master_password_changed_test

import data.rules.events.master_password_changed as rule

test_set if {
	rule.violation == {{
		"attribute": "request_master_password",
		"message": "its master password was set by hand",
	}} with input.resource as {"request_master_password": true}
}

test_other if count(rule.violation) == 0 with input.resource as {"request_master_password": false}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
