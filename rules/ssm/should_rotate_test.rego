package rules.ssm.should_rotate_test

import data.rules.ssm.should_rotate as rule

judge(days) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"type": "SecureString", "last_modified_days_ago": days},
		"params": {"max_days": 365, "monthly_usd": "0.40"},
	}
}

test_old if judge(366) == {"its value is 366 days old: as a secret it could rotate, for 0.40 USD a month"}

test_young if count(judge(365)) == 0

test_applies if count(rule.not_applicable) == 0 with input.resource as {"type": "SecureString"}

test_plain if rule.not_applicable == {"not a SecureString"} with input.resource as {"type": "String"}
