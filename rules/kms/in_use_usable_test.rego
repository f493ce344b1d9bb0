package rules.kms.in_use_usable_test

import data.rules.kms.in_use_usable as rule

none := {"database": false, "parameter": false, "secret": false, "trail": false}

document(state, used) := {
	"resource": {"manager": "CUSTOMER", "state": state},
	"related": {"used_by": object.union(none, used)},
}

judge(state, used) := answer if {
	answer := {v.message | some v in rule.violation} with input as document(state, used)
}

applies(state, used) := answer if {
	answer := rule.not_applicable with input as document(state, used)
}

test_usable if {
	count(judge("Enabled", {"secret": true})) == 0
	count(applies("Enabled", {"secret": true})) == 0
}

# prowler and steampipe judge the state of a key without a link to what it protects; prowler
# cloudtrail_kms_encryption_enabled passes a trail whose key is disabled.
test_not_usable if {
	judge("PendingDeletion", {"secret": true, "parameter": true}) == {"it is PendingDeletion and yet used by parameters, secrets"}
	judge("Disabled", {"trail": true}) == {"it is Disabled and yet used by trails"}
	judge("Unavailable", {"database": true}) == {"it is Unavailable and yet used by databases"}
}

test_not_in_use if applies("Disabled", {}) == {"nothing that was seen uses it"}

test_aws_managed if {
	rule.not_applicable == {"an AWS managed key"} with input as {
		"resource": {"manager": "AWS", "state": "Enabled"},
		"related": {"used_by": object.union(none, {"secret": true})},
	}
}
