package rules.events.trail_bucket_changed_test

import data.rules.events.trail_bucket_changed as rule

test_changed if {
	rule.violation == {{
		"attribute": "request_bucket",
		"message": "it delivers to the bucket elsewhere from now on",
	}} with input.resource as {"request_bucket": "elsewhere"}
}

test_other_change if count(rule.violation) == 0 with input.resource as {}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
