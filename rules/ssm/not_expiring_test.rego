package rules.ssm.not_expiring_test

import data.rules.ssm.not_expiring as rule

judge(days) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"policies": ["Expiration"], "expires_in_days": days},
		"params": {"warn_days": 30},
	}
}

test_soon if {
	judge(30) == {"expires in 30 days"}
	judge(1) == {"expires in 1 day"}
}

test_expired if judge(-1) == {"has expired: Parameter Store is about to delete it"}

test_later if count(judge(31)) == 0

test_applies if count(rule.not_applicable) == 0 with input.resource as {"policies": ["Expiration", "NoChangeNotification"]}

test_never if rule.not_applicable == {"it has no Expiration policy"} with input.resource as {"policies": ["NoChangeNotification"]}
