package rules.kms.policy_change_ticketed_test

import data.rules.kms.policy_change_ticketed as rule

judge(resource) := within(resource, 90)

within(resource, days) := answer if {
	params := {"tag": "change-ticket", "recent_days": days}
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": params}
}

changed(days, tags) := {"policy_changed_days_ago": days, "policy_changed_by": "ada", "tags": tags}

test_not_changed if judge({"tags": {}}) == set()

test_with_ticket if judge(changed(3, {"change-ticket": "OPS-1"})) == set()

test_without_ticket if judge(changed(3, {"env": "prod"})) == {"ada changed its policy 3 days ago, and no tag change-ticket says why"}

test_long_ago if judge(changed(91, {})) == set()

test_recent_is_yours_to_say if {
	within(changed(91, {}), 365) == {"ada changed its policy 91 days ago, and no tag change-ticket says why"}
	within(changed(90, {}), 30) == set()
}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"manager": "CUSTOMER"}

test_not_ours if rule.not_applicable == {"an AWS managed key"} with input.resource as {"manager": "AWS"}
