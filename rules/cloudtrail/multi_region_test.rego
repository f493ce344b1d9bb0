package rules.cloudtrail.multi_region_test

import data.rules.cloudtrail.multi_region as rule

test_all_regions if count(rule.violation) == 0 with input.resource as {"multi_region": true}

test_one_region if {
	rule.violation == {{"attribute": "multi_region", "message": "it records only its home region"}} with input.resource as {
		"multi_region": false,
	}
}

test_applies if {
	every resource in [
		{"management_read": true, "management_write": true},
		{"management_read": false, "management_write": true},
		{"management_read": true, "management_write": false},
	] {
		count(rule.not_applicable) == 0 with input.resource as resource
	}
}

# checkov CKV_AWS_67 fails a trail of data events that is for one region.
test_data_events_only if {
	rule.not_applicable == {"it is not meant to record all management events"} with input.resource as {
		"management_read": false,
		"management_write": false,
	}
}
