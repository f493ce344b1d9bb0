package rules.cloudtrail.delivery_works_test

import data.rules.cloudtrail.delivery_works as rule

test_works if {
	count(rule.violation) == 0 with input.resource as {"logging": true}
	count(rule.not_applicable) == 0 with input.resource as {"logging": true}
}

# prowler cloudtrail_multi_region_enabled and most others ask whether it logs, not whether logs arrive.
test_fails if {
	rule.violation == {{
		"attribute": "delivery_error",
		"message": "the delivery of its logs fails: AccessDenied",
	}} with input.resource as {"logging": true, "delivery_error": "AccessDenied"}
}

test_stopped if {
	rule.not_applicable == {"it is not logging, which CT-001 judges"} with input.resource as {
		"logging": false,
		"delivery_error": "NoSuchBucket",
	}
}
