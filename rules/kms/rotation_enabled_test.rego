package rules.kms.rotation_enabled_test

import data.rules.kms.rotation_enabled as rule

key := {"manager": "CUSTOMER", "rotation_supported": true, "replica": false, "state": "Enabled"}

applies(change) := answer if {
	answer := rule.not_applicable with input.resource as object.union(key, change)
}

test_on if {
	count(rule.violation) == 0 with input.resource as object.union(key, {"rotation_enabled": true})
	count(applies({"rotation_enabled": true})) == 0
}

test_off if {
	rule.violation == {{"attribute": "rotation_enabled", "message": "automatic rotation is off"}} with input.resource as object.union(
		key,
		{"rotation_enabled": false},
	)
	count(applies({"rotation_enabled": false})) == 0
}

# prowler kms_cmk_rotation_enabled fails imported and CloudHSM keys, steampipe the latter, trivy
# AWS-0065 and scoutsuite asymmetric and HMAC keys: rotation_supported is false for all of these.
test_not_supported if {
	applies({"rotation_supported": false}) == {"automatic rotation does not exist for this kind of key"}
}

# prowler judges replica keys although the property lives on the primary.
test_replica if {
	rule.not_applicable == {"a replica key: its primary is judged"} with input as {
		"resource": object.union(key, {"replica": true}),
		"related": {"primary": {"exists": true}},
	}
	count(applies({"replica": true})) == 0
}

test_state if {
	applies({"state": "Disabled"}) == {"the key is Disabled"}
	applies({"state": "PendingDeletion"}) == {"the key is PendingDeletion"}
}

test_aws_managed if applies({"manager": "AWS"}) == {"an AWS managed key"}
