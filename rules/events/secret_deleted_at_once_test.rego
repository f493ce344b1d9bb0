package rules.events.secret_deleted_at_once_test

import data.rules.events.secret_deleted_at_once as rule

test_at_once if {
	rule.violation == {{
		"attribute": "request_force_delete",
		"message": "deleted at once, without a recovery window",
	}} with input.resource as {"request_force_delete": true}
}

test_scheduled if {
	count(rule.violation) == 0 with input.resource as {"request_recovery_days": 7}
	count(rule.violation) == 0 with input.resource as {"request_force_delete": false}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
