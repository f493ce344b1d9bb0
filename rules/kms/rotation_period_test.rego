package rules.kms.rotation_period_test

import data.rules.kms.rotation_period as rule

key := {"manager": "CUSTOMER", "rotation_supported": true, "replica": false, "state": "Enabled", "rotation_enabled": true}

applies(change) := answer if {
	answer := rule.not_applicable with input.resource as object.union(key, change)
}

judge(days) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"rotation_period_days": days},
		"params": {"max_days": 365},
	}
}

# prowler kms_cmk_rotation_enabled and checkov CKV_AWS_7 do not read the period.
test_period if {
	count(judge(365)) == 0
	judge(2560) == {"rotates every 2560 days, allowed are 365"}
}

test_applies if count(applies({})) == 0

test_off if applies({"rotation_enabled": false}) == {"rotation is off, which KMS-001 judges"}

test_not_judged if {
	applies({"manager": "AWS"}) == {"an AWS managed key"}
	applies({"rotation_supported": false}) == {"automatic rotation does not exist for this kind of key"}
	rule.not_applicable == {"a replica key: its primary is judged"} with input as {
		"resource": object.union(key, {"replica": true}),
		"related": {"primary": {"exists": true}},
	}
	applies({"state": "Disabled"}) == {"the key is Disabled"}
}
