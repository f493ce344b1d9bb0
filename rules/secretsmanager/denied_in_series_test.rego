package rules.secretsmanager.denied_in_series_test

import data.rules.secretsmanager.denied_in_series as rule

judge(resource) := answer if {
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": {"max_a_day": 5}}
}

denied(n) := {
	"denied_in_a_day": n, "denied_in_a_day_at_least": n, "denied_to": ["ada", "bob"],
	"denied_attempts": 20, "last_denied_days_ago": 2,
}

test_few if judge(denied(5)) == set()

test_many if {
	judge(denied(6)) == {
		"6 calls were denied on one day, allowed are 5: ada, bob",
		"the last of 20 denied calls was 2 days ago",
	}
}

# The record has a gap, and what it shows is enough.
test_at_least if judge({"denied_in_a_day_at_least": 7, "denied_to": ["ada"]}) == {"7 calls were denied on one day, allowed are 5: ada"}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"deletion_scheduled": false}

test_not_ours if rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
