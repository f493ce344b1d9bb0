package rules.secretsmanager.rotation_function_exists_test

import data.rules.secretsmanager.rotation_function_exists as rule

rotating := {"rotation_enabled": true, "rotation_function": "arn:aws:lambda:us-east-1:111122223333:function:rotate"}

test_exists if {
	count(rule.violation) == 0 with input as {"resource": rotating, "related": {"rotation_function": {"exists": true}}}
	count(rule.not_applicable) == 0 with input.resource as rotating
}

test_gone if {
	rule.violation == {{"attribute": "rotation_function", "message": "its rotation function does not exist"}} with input as {
		"resource": rotating,
		"related": {"rotation_function": {"exists": false}},
	}
}

test_qualifier if {
	named := object.union(rotating, {"rotation_qualifier": "live"})
	count(rule.violation) == 0 with input as {
		"resource": named,
		"related": {"rotation_function": {"exists": true, "missing_qualifiers": []}},
	}
	count(rule.violation) == 0 with input as {
		"resource": rotating,
		"related": {"rotation_function": {"exists": true, "missing_qualifiers": ["live"]}},
	}
	rule.violation == {{"attribute": "rotation_qualifier", "message": "its rotation function has no version or alias live"}} with input as {
		"resource": named,
		"related": {"rotation_function": {"exists": true, "missing_qualifiers": ["live", "old"]}},
	}
}

# steampipe secretsmanager_secret_automatic_rotation_lambda_enabled demands a function of managed rotation.
test_no_function if rule.not_applicable == {"its rotation needs no function"} with input.resource as {"rotation_enabled": true}

test_off if {
	rule.not_applicable == {"rotation is off"} with input.resource as object.union(rotating, {"rotation_enabled": false})
}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as object.union(rotating, {"is_replica": true})
	rule.not_applicable == {"scheduled for deletion"} with input.resource as object.union(rotating, {"deletion_scheduled": true})
	rule.not_applicable == {"rds made it and manages it"} with input.resource as object.union(rotating, {"owning_service": "rds"})
}
