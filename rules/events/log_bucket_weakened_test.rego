package rules.events.log_bucket_weakened_test

import data.rules.events.log_bucket_weakened as rule

test_changed if {
	rule.violation == {{
		"attribute": "trail_bucket",
		"message": "PutBucketLifecycle changed the bucket of a trail",
	}} with input.resource as {"trail_bucket": true, "name": "PutBucketLifecycle"}
}

test_other_bucket if count(rule.violation) == 0 with input.resource as {"trail_bucket": false, "name": "DeleteBucket"}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
