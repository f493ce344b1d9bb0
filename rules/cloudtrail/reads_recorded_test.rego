package rules.cloudtrail.reads_recorded_test

import data.rules.cloudtrail.reads_recorded as rule

test_recorded if {
	count(rule.violation) == 0 with input.resource as {"management_read": true, "management_write": true}
	count(rule.not_applicable) == 0 with input.resource as {"management_read": true, "management_write": true}
}

# steampipe cloudtrail_multi_region_read_write_enabled searches the text of all selectors at once.
test_writes_only if {
	{v.message | some v in rule.violation} == {"it does not record all read management events"} with input.resource as {
		"management_read": false,
		"management_write": true,
	}
	count(rule.not_applicable) == 0 with input.resource as {"management_read": false, "management_write": true}
}

test_data_events_only if {
	rule.not_applicable == {"it is not meant to record all management events"} with input.resource as {
		"management_read": false,
		"management_write": false,
	}
}
