package rules.ssm.policy_not_public_test

import data.rules.ssm.policy_not_public as rule

judge(public, statements) := answer if {
	answer := rule.violation with input.resource as {"policy_public": public, "policy_statements": statements}
}

test_not_shared if count(judge(false, [])) == 0

test_public if {
	judge(true, [
		{"sid": "Partner", "effect": "Allow", "public": false},
		{"sid": "Open", "effect": "Allow", "public": true, "why": "Principal is * and there is no condition"},
	]) == {{
		"attribute": "policy_public",
		"message": "its policy lets anyone in; statement Open: Principal is * and there is no condition",
	}}
}

test_shared if count(judge(false, [{"sid": "Partner", "effect": "Allow", "public": false}])) == 0
