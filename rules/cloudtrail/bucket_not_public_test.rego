package rules.cloudtrail.bucket_not_public_test

import data.rules.cloudtrail.bucket_not_public as rule

test_closed if {
	count(rule.violation) == 0 with input.resource as {"bucket": "logs", "bucket_exists": true, "bucket_public": false}
	count(rule.not_applicable) == 0 with input.resource as {"bucket": "logs", "bucket_exists": true, "bucket_public": false}
}

# prowler cloudtrail_logs_s3_bucket_is_not_publicly_accessible looks at the ACL alone, and for AllUsers alone.
test_open if {
	rule.violation == {{"attribute": "bucket_public", "message": "anyone can get into its bucket"}} with input.resource as {
		"bucket": "logs",
		"bucket_exists": true,
		"bucket_public": true,
		"bucket_policy_public": true,
		"bucket_acl_public": [],
	}
}

test_gone if {
	rule.not_applicable == {"its bucket does not exist, which CT-006 judges"} with input.resource as {
		"bucket": "logs",
		"bucket_exists": false,
	}
}
