package rules.secretsmanager.rotation_function_invocable_test

import data.rules.secretsmanager.rotation_function_invocable as rule

secret := {
	"id": "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf",
	"rotation_enabled": true,
	"rotation_function": "arn:aws:lambda:us-east-1:111122223333:function:rotate",
}

judge(sources, state) := answer if {
	answer := rule.violation with input as {
		"resource": secret,
		"related": {"rotation_function": {"exists": true, "state": state, "secretsmanager_source_arns": sources}},
	}
}

refused := {{
	"attribute": "rotation_function",
	"message": "Secrets Manager may not invoke its rotation function for this secret",
}}

test_any_secret if count(judge(["*"], "Active")) == 0

test_this_secret if {
	count(judge(["arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/*"], "Active")) == 0
	count(judge(["arn:aws:secretsmanager:us-east-1:111122223333:secret:other-*", secret.id], "Active")) == 0
	count(judge(["arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-??????"], "Active")) == 0
}

test_no_secret if judge([], "Active") == refused

test_another_secret if judge(["arn:aws:secretsmanager:us-east-1:111122223333:secret:dev/*"], "Active") == refused

test_state if {
	count(judge(["*"], "Inactive")) == 0
	every state in ["Failed", "Pending", "Deactivated", "ActiveNonInvocable"] {
		message := sprintf("its rotation function is %s and cannot be invoked", [state])
		judge(["*"], state) == {{"attribute": "rotation_function", "message": message}}
	}
}

test_applies if {
	count(rule.not_applicable) == 0 with input as {"resource": secret, "related": {"rotation_function": {"exists": true}}}
}

test_gone if {
	rule.not_applicable == {"its rotation function does not exist, which SM-005 judges"} with input as {
		"resource": secret,
		"related": {"rotation_function": {"exists": false}},
	}
}

test_qualifier_gone if {
	rule.not_applicable == {"its rotation function has no such version or alias, which SM-005 judges"} with input as {
		"resource": object.union(secret, {"rotation_qualifier": "live"}),
		"related": {"rotation_function": {"exists": true, "missing_qualifiers": ["live"]}},
	}
}

test_no_function if rule.not_applicable == {"its rotation needs no function"} with input.resource as {"rotation_enabled": true}

test_off if rule.not_applicable == {"rotation is off"} with input.resource as object.union(secret, {"rotation_enabled": false})

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as object.union(secret, {"is_replica": true})
	rule.not_applicable == {"scheduled for deletion"} with input.resource as object.union(secret, {"deletion_scheduled": true})
	rule.not_applicable == {"rds made it and manages it"} with input.resource as object.union(secret, {"owning_service": "rds"})
}
