package rules.account.trail_coverage_test

import data.rules.account.trail_coverage as rule

# steampipe cloudtrail_security_trail_enabled fails each trail that lacks something although one good
# trail is enough; prowler and CIS-style checks fail the members of an organization trail.
test_covered if count(rule.violation) == 0 with input.resource as {"trail_count": 3, "trail_shortcomings": []}

test_not_covered if {
	rule.violation == {
		{"attribute": "trail_shortcomings", "message": "log file validation is off"},
		{"attribute": "trail_shortcomings", "message": "events of KMS are left out"},
	} with input.resource as {
		"trail_count": 1,
		"trail_shortcomings": ["log file validation is off", "events of KMS are left out"],
	}
}
