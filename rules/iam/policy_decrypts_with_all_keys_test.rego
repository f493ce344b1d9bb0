package rules.iam.policy_decrypts_with_all_keys_test

import data.rules.iam.policy_decrypts_with_all_keys as rule

grant(conditions, limits) := {
	"policy": "app", "sid": "#1", "actions": ["kms:Decrypt"],
	"resources": ["*"], "conditions": conditions, "limits": limits,
}

judge(list, accepted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"attachment_count": 1, "decrypt_grants": list},
		"params": {"accepted_conditions": accepted},
	}
}

test_nothing_wide if count(judge([], [])) == 0

plain := "statement #1 of app allows kms:Decrypt on *"

test_wide if judge([grant([], [])], []) == {plain}

# A condition leaves it wide unless it chooses resources, or is accepted.
test_conditions if {
	judge([grant(["aws:sourcevpc"], [])], ["kms:viaservice"]) == {concat("", [plain, ", on conditions of aws:sourcevpc"])}
	count(judge([grant(["aws:sourcevpc"], [])], ["aws:SourceVpc"])) == 0
	count(judge([grant(["kms:viaservice if it is there"], [])], ["kms:viaservice"])) == 1
	count(judge([grant(["aws:resourcetag/team"], ["aws:resourcetag/team"])], [])) == 0
}

test_unattached if {
	messages := {v.message | some v in rule.violation} with input as {
		"resource": {"attachment_count": 0, "boundary_count": 0, "decrypt_grants": [grant([], [])]},
		"params": {"accepted_conditions": []},
	}
	messages == {concat("", [plain, "; it is attached to nobody now"])}
	count(rule.not_applicable) == 0 with input.resource as {"attachment_count": 0, "boundary_count": 0, "admin_grants": []}
}

test_boundary if {
	reasons := rule.not_applicable with input.resource as {"attachment_count": 0, "boundary_count": 2, "admin_grants": []}
	reasons == {"a permissions boundary only, which by itself allows nothing"}
	count(rule.not_applicable) == 0 with input.resource as {"attachment_count": 1, "boundary_count": 2, "admin_grants": []}
}

# steampipe iam_policy_no_full_access_to_kms says ok to Action "*"; here it fails one rule, and none passes.
test_administrator if {
	reasons := rule.not_applicable with input.resource as {"admin_grants": [grant([], [])], "decrypt_grants": []}
	reasons == {"it allows everything, which a rule of its own judges"}
	limited := grant(["kms:requestalias"], ["kms:requestalias"])
	count(rule.not_applicable) == 0 with input.resource as {"admin_grants": [limited], "decrypt_grants": []}
}

# What allows everything on a condition, which its own rule may accept, excuses no other statement.
test_administrator_on_a_condition if {
	mfa := object.union(grant(["aws:multifactorauthpresent"], []), {"sid": "admin"})
	count(rule.not_applicable) == 1 with input.resource as {"admin_grants": [mfa], "decrypt_grants": [mfa]}
	count(rule.not_applicable) == 0 with input.resource as {"admin_grants": [mfa], "decrypt_grants": [mfa, grant([], [])]}
}
