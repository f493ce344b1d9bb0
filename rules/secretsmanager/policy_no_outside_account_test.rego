package rules.secretsmanager.policy_no_outside_account_test

import data.rules.secretsmanager.policy_no_outside_account as rule

judge(outside, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"outside_accounts": outside},
		"params": {"trusted_accounts": trusted},
	}
}

test_none if count(judge([], [])) == 0

test_outside if {
	judge(["999999999999", "888888888888"], []) == {
		"its policy lets in account 999999999999, which is outside the organization",
		"its policy lets in account 888888888888, which is outside the organization",
	}
}

# A condition on aws:PrincipalOrgID of another organization admits all of it.
test_outside_organization if {
	judge(["o-other"], []) == {"its policy lets in organization o-other, which is not your own"}
}

# prowler secretsmanager_has_restrictive_resource_policy has no list of trusted accounts.
test_trusted if {
	count(judge(["999999999999"], ["999999999999"])) == 0
	judge(["999999999999", "888888888888"], ["999999999999"]) == {
		"its policy lets in account 888888888888, which is outside the organization",
	}
}

test_of_a_service if count(rule.not_applicable) == 0 with input.resource as {"owning_service": "rds", "is_replica": false}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
}
