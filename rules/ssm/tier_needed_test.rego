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
		"needs the advanced tier only if its value has more than 4 KB: it costs 0.05 USD a month",
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

test_shared if {
	shared := {"tier": "Advanced", "policies": [], "policy_present": true}
	rule.not_applicable == {"it is shared, which needs the tier"} with input.resource as shared
	count(rule.violation) == 0 with input as {"resource": shared, "params": {"monthly_usd": "0.05"}}
}

test_standard if {
	count(judge("Standard", [])) == 0
	rule.not_applicable == {"not in the advanced tier"} with input.resource as {"tier": "Standard", "policies": []}
}
