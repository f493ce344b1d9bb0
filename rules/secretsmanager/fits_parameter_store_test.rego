package rules.secretsmanager.fits_parameter_store_test

import data.rules.secretsmanager.fits_parameter_store as rule

plain := {"rotation_enabled": false, "replicas": [], "policy_present": false}

judge(change) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": object.union(plain, change),
		"params": {"monthly_usd": "0.40"},
	}
}

applies(change) := answer if {
	answer := rule.not_applicable with input.resource as object.union(plain, change)
}

test_fits if {
	judge({}) == {"could be a parameter if its value has at most 4 KB, saving 0.40 USD a month"}
	count(applies({})) == 0
}

test_uses_more if {
	count(judge({"rotation_enabled": true})) == 0
	applies({"rotation_enabled": true}) == {"it rotates"}
	applies({"replicas": [{"region": "eu-west-1"}]}) == {"it is replicated"}
	applies({"policy_present": true}) == {"it is shared by a policy"}
}

test_not_ours if {
	applies({"is_replica": true}) == {"a replica: its primary is judged"}
	applies({"deletion_scheduled": true}) == {"scheduled for deletion"}
	applies({"owning_service": "rds"}) == {"rds made it and manages it"}
}
