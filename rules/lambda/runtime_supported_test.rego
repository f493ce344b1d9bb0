package rules.lambda.runtime_supported_test

import data.rules.lambda.runtime_supported as rule

judge(left, notice) := answer if {
	answer := rule.violation with input as {
		"resource": {"rotation_function": true, "runtime": "python3.9", "runtime_deprecated_in_days": left},
		"params": {"notice_days": notice},
	}
}

test_supported if {
	count(judge(0, 0)) == 0
	count(judge(400, 180)) == 0
}

test_deprecated if {
	judge(-1, 0) == {{"attribute": "runtime", "message": "python3.9 is deprecated: the last support ended 1 day ago"}}
	judge(-90, 30) == {{"attribute": "runtime", "message": "python3.9 is deprecated: the last support ended 90 days ago"}}
}

test_soon if judge(20, 30) == {{"attribute": "runtime", "message": "the support of python3.9 ends in 20 days"}}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"rotation_function": true, "runtime": "python3.13"}

test_not_applicable if {
	rule.not_applicable == {"no secret names it as its rotation function"} with input.resource as {
		"rotation_function": false,
		"runtime": "python3.9",
	}
	rule.not_applicable == {"a container image, which has no runtime of Lambda"} with input.resource as {"rotation_function": true}
}
