package rules.secretsmanager.policy_conditional_test

import data.rules.secretsmanager.policy_conditional as rule

judge(statement) := answer if {
	answer := {v.message | some v in rule.violation} with input.resource as {"policy_statements": [statement]}
}

allow := {"sid": "Partner", "effect": "Allow", "accounts": ["999988887777"], "conditions": []}

test_unconditional if judge(allow) == {"statement Partner lets in 999988887777 without any condition"}

# prowler secretsmanager_has_restrictive_resource_policy fails equivalent conditions, such as a VPC endpoint's.
test_conditional if {
	count(judge(object.union(allow, {"conditions": ["aws:sourcevpce"]}))) == 0
	count(judge(object.union(allow, {"conditions": ["aws:principaltag/team"]}))) == 0
}

test_deny if count(judge(object.union(allow, {"effect": "Deny"}))) == 0

test_own_account if count(judge(object.union(allow, {"accounts": []}))) == 0

test_applies if count(rule.not_applicable) == 0 with input.resource as {"policy_present": true}

# The same check fails every secret without a policy, which is how AWS makes them.
test_no_policy if rule.not_applicable == {"it has no policy"} with input.resource as {"policy_present": false}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"policy_present": true, "is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"policy_present": true, "deletion_scheduled": true}
}
