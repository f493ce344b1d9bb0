package rules.rds.managed_secret_healthy_test

import data.rules.rds.managed_secret_healthy as rule

test_healthy if {
	every status in ["creating", "active", "rotating"] {
		count(rule.violation) == 0 with input.resource as {"managed_password": true, "secret_status": status}
	}
	count(rule.not_applicable) == 0 with input.resource as {"managed_password": true, "secret_status": "active"}
}

test_impaired if {
	rule.violation == {{
		"attribute": "secret_status",
		"message": "its secret is impaired: RDS cannot rotate it",
	}} with input.resource as {"managed_password": true, "secret_status": "impaired"}
}

test_not_managed if {
	rule.not_applicable == {"its master password is not managed, which RDS-001 judges"} with input.resource as {
		"managed_password": false,
	}
}
