package rules.iam.principal_may_do_everything_test

import data.rules.iam.principal_may_do_everything as rule

grant(conditions, limits) := {
	"policy": "inline", "sid": "#1", "actions": ["*"],
	"resources": ["*"], "conditions": conditions, "limits": limits,
}

judge(list, accepted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"admin_grants": list},
		"params": {"accepted_conditions": accepted},
	}
}

test_nothing_wide if count(judge([], [])) == 0

plain := "statement #1 of inline allows * on *"

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
