package rules.cloudtrail.bucket_access_logged_test

import data.rules.cloudtrail.bucket_access_logged as rule

test_logged if {
	count(rule.violation) == 0 with input.resource as {"bucket": "trail", "bucket_logging": "logs", "bucket_exists": true}
	count(rule.not_applicable) == 0 with input.resource as {"bucket": "trail", "bucket_logging": "logs", "bucket_exists": true}
}

test_not_logged if {
	rule.violation == {{"attribute": "bucket_logging", "message": "access to its bucket is not logged"}} with input.resource as {
		"bucket": "trail",
		"bucket_exists": true,
	}
}

test_gone if rule.not_applicable == {"its bucket does not exist, which CT-006 judges"} with input.resource as {"bucket_exists": false}
