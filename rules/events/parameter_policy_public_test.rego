package rules.events.parameter_policy_public_test

import data.rules.events.parameter_policy_public as rule

judge(target, public) := answer if {
	answer := rule.violation with input.resource as {"targets": [target], "request_policy_public": public}
}

parameter := "arn:aws:ssm:eu-west-1:111122223333:parameter/app/token"

test_public if judge(parameter, true) == {{"attribute": "request_policy_public", "message": "its new policy lets anyone in"}}

test_closed if judge(parameter, false) == set()

# Systems Manager has the same call for other things.
test_document if judge("arn:aws:ssm:eu-west-1:111122223333:document/runbook", true) == set()

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
