package rules.events.selectors_narrowed_test

import data.rules.events.selectors_narrowed as rule

test_narrowed if {
	rule.violation == {{
		"attribute": "request_management",
		"message": "its selectors keep this of management events: writeonly",
	}} with input.resource as {"request_management": "WriteOnly"}
}

test_one_region if {
	rule.violation == {{
		"attribute": "request_multi_region",
		"message": "it records its home region only from now on",
	}} with input.resource as {"request_multi_region": false}
	count(rule.violation) == 0 with input.resource as {"request_multi_region": true}
}

test_one_account if {
	rule.violation == {{
		"attribute": "request_organization",
		"message": "it records one account only from now on",
	}} with input.resource as {"request_organization": false}
	count(rule.violation) == 0 with input.resource as {"request_organization": true}
}

test_no_global_services if {
	rule.violation == {{
		"attribute": "request_global_events",
		"message": "it records no global services, such as IAM, from now on",
	}} with input.resource as {"request_global_events": false}
	count(rule.violation) == 0 with input.resource as {"request_global_events": true}
}

test_all if {
	count(rule.violation) == 0 with input.resource as {"request_management": "All"}
	count(rule.violation) == 0 with input.resource as {}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
