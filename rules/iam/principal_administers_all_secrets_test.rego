package rules.iam.principal_administers_all_secrets_test

import data.rules.iam.principal_administers_all_secrets as rule

grant(conditions, limits) := {
	"policy": "inline", "sid": "#1", "actions": ["secretsmanager:*"],
	"resources": ["*"], "conditions": conditions, "limits": limits,
}

judge(list, accepted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"secret_admin_grants": list},
		"params": {"accepted_conditions": accepted},
	}
}

test_nothing_wide if count(judge([], [])) == 0

plain := "statement #1 of inline allows secretsmanager:* on *"

test_wide if judge([grant([], [])], []) == {plain}

# A condition leaves it wide unless it chooses resources, or is accepted.
test_conditions if {
	judge([grant(["aws:sourcevpc"], [])], ["kms:viaservice"]) == {concat("", [plain, ", on conditions of aws:sourcevpc"])}
	count(judge([grant(["aws:sourcevpc"], [])], ["aws:SourceVpc"])) == 0
	count(judge([grant(["aws:resourcetag/team"], ["aws:resourcetag/team"])], [])) == 0
}

test_service_linked if {
	reasons := rule.not_applicable with input.resource as {"service_linked": true, "admin_grants": []}
	reasons == {"a service-linked role: AWS decides what it may do, and only the service can assume it"}
	count(rule.not_applicable) == 0 with input.resource as {"service_linked": false, "admin_grants": []}
}

# steampipe iam_policy_no_full_access_to_kms says ok to Action "*"; here it fails one rule, and none passes.
test_administrator if {
	reasons := rule.not_applicable with input.resource as {"admin_grants": [grant([], [])], "secret_admin_grants": []}
	reasons == {"it allows everything, which a rule of its own judges"}
	limited := grant(["kms:requestalias"], ["kms:requestalias"])
	count(rule.not_applicable) == 0 with input.resource as {"admin_grants": [limited], "secret_admin_grants": []}
}

# What allows everything on a condition, which its own rule may accept, excuses no other statement.
test_administrator_on_a_condition if {
	mfa := object.union(grant(["aws:multifactorauthpresent"], []), {"sid": "admin"})
	count(rule.not_applicable) == 1 with input.resource as {"admin_grants": [mfa], "secret_admin_grants": [mfa]}
	count(rule.not_applicable) == 0 with input.resource as {"admin_grants": [mfa], "secret_admin_grants": [mfa, grant([], [])]}
}
