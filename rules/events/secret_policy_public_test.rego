package rules.events.secret_policy_public_test

import data.rules.events.secret_policy_public as rule

test_public if {
	rule.violation == {{
		"attribute": "request_policy_public",
		"message": "its new policy lets anyone in",
	}} with input.resource as {"request_policy_public": true}
}

test_closed if count(rule.violation) == 0 with input.resource as {"request_policy_public": false}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
