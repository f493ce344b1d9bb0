package rules.events.key_deletion_scheduled_test

import data.rules.events.key_deletion_scheduled as rule

test_scheduled if {
	rule.violation == {{
		"attribute": "request_recovery_days",
		"message": "scheduled for deletion in 7 days",
	}} with input.resource as {"request_recovery_days": 7}
	rule.violation == {{
		"attribute": "request_recovery_days",
		"message": "scheduled for deletion in 30 days",
	}} with input.resource as {}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
