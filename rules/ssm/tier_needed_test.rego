package rules.ssm.tier_needed_test

import data.rules.ssm.tier_needed as rule

judge(tier, policies) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"tier": tier, "policies": policies},
		"params": {"monthly_usd": "0.05"},
	}
}

test_not_needed if {
	judge("Advanced", []) == {
		"needs the advanced tier only if its value has more than 4 KB or other accounts share it: it costs 0.05 USD a month",
	}
	count(rule.not_applicable) == 0 with input.resource as {"tier": "Advanced", "policies": []}
}

test_needed if {
	count(judge("Advanced", ["Expiration"])) == 0
	rule.not_applicable == {"it has parameter policies, which need the tier"} with input.resource as {
		"tier": "Advanced",
		"policies": ["Expiration"],
	}
}

test_standard if {
	count(judge("Standard", [])) == 0
	rule.not_applicable == {"not in the advanced tier"} with input.resource as {"tier": "Standard", "policies": []}
}
