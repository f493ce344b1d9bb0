package rules.secretsmanager.rotation_enabled_test

import data.rules.secretsmanager.rotation_enabled as rule

off := {{"attribute": "rotation_enabled", "message": "automatic rotation is off"}}

test_on if {
	count(rule.violation) == 0 with input.resource as {"rotation_enabled": true}
	count(rule.not_applicable) == 0 with input.resource as {"rotation_enabled": true, "is_replica": false, "deletion_scheduled": false}
}

test_off if rule.violation == off with input.resource as {"rotation_enabled": false}

# steampipe secretsmanager_secret_automatic_rotation_enabled looks at the schedule, which AWS keeps
# after rotation was turned off.
test_off_with_a_schedule_left if {
	rule.violation == off with input.resource as {"rotation_enabled": false, "rotation_days": 30}
}

# steampipe ..._automatic_rotation_lambda_enabled and cdk-nag SMG4 demand a function.
test_managed_rotation_needs_no_function if {
	count(rule.violation) == 0 with input.resource as {"rotation_enabled": true, "managed_rotation": true}
}

# prowler secretsmanager_automatic_rotation_enabled counts replicas and secrets of services.
test_replica if rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}

test_of_a_service if {
	rule.not_applicable == {"rds made it and manages it"} with input.resource as {"owning_service": "rds"}
}

test_doomed if rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
