package rules.cloudtrail.kms_events_recorded_test

import data.rules.cloudtrail.kms_events_recorded as rule

test_recorded if count(rule.violation) == 0 with input.resource as {"kms_events_excluded": false}

# Of the open peers only steampipe cloudtrail_security_trail_enabled looks at this, and only at
# classic selectors.
test_left_out if {
	rule.violation == {{"attribute": "kms_events_excluded", "message": "it leaves out the events of KMS"}} with input.resource as {
		"kms_events_excluded": true,
		"selector_kind": "advanced",
	}
}

test_applies if {
	count(rule.not_applicable) == 0 with input.resource as {"management_read": true, "management_write": true}
	count(rule.not_applicable) == 0 with input.resource as {"management_read": false, "management_write": true}
	count(rule.not_applicable) == 0 with input.resource as {"management_read": true, "management_write": false}
}

test_data_events_only if {
	rule.not_applicable == {"it is not meant to record all management events"} with input.resource as {
		"management_read": false,
		"management_write": false,
	}
}
