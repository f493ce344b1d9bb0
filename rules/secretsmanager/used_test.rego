package rules.secretsmanager.used_test

import data.rules.secretsmanager.used as rule

judge(resource) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": resource,
		"params": {"max_days": 90, "grace_days": 30},
	}
}

test_read if {
	count(judge({"last_used_days_ago": 0, "created_days_ago": 900})) == 0
	count(judge({"last_used_days_ago": 90, "created_days_ago": 900})) == 0
}

test_not_read if judge({"last_used_days_ago": 91, "created_days_ago": 900}) == {"not read for 91 days, allowed are 90"}

# prowler secretsmanager_secret_unused and steampipe secretsmanager_secret_unused_90_day fail a new secret at once.
test_new if count(judge({"created_days_ago": 30})) == 0

test_never_read if judge({"created_days_ago": 31}) == {"never read since it was made 31 days ago, allowed are 30"}

# prowler and steampipe fail a primary that only the readers of its replica use; last_used_days_ago is
# of all regions, last_accessed_days_ago of this one.
test_read_in_another_region if {
	count(judge({"last_used_days_ago": 2, "last_accessed_days_ago": 400, "created_days_ago": 900})) == 0
}

# steampipe secretsmanager_secret_last_used_1_day passes what was read once, years ago.
test_read_once_years_ago if judge({"last_used_days_ago": 800, "created_days_ago": 900}) == {"not read for 800 days, allowed are 90"}

# The secret of a connection that nobody uses is a credential all the same.
test_of_a_service if count(rule.not_applicable) == 0 with input.resource as {"owning_service": "appflow", "is_replica": false}

# prowler secretsmanager_secret_unused judges them as if the customer could delete them.
test_master_user if {
	rule.not_applicable == {"rds keeps the password of a master user in it"} with input.resource as {"owning_service": "rds"}
	rule.not_applicable == {"redshift keeps the password of a master user in it"} with input.resource as {"owning_service": "redshift"}
}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
}
