package rules.kms.material_not_expiring_test

import data.rules.kms.material_not_expiring as rule

judge(days) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"origin": "EXTERNAL", "state": "Enabled", "material_expires_in_days": days},
		"params": {"warn_days": 30},
	}
}

applies(resource) := answer if {
	answer := rule.not_applicable with input.resource as resource
}

test_soon if judge(30) == {"its imported material expires in 30 days"}

test_expired if judge(-1) == {"its imported material has expired"}

# KMS shows no date any more once the material is gone: that is not material that does not expire.
test_gone if {
	count(applies(waiting(1))) == 0
	judge_waiting(1, 1) == {"it has no key material: that has expired, was deleted, or was never imported"}
}

# A key is made without material, which comes in a second step.
test_new if {
	count(applies(waiting(0))) == 0
	count(judge_waiting(0, 1)) == 0
	count(judge_waiting(6, 7)) == 0
	count(judge_waiting(7, 7)) == 1
	count(judge_waiting(0, 0)) == 1
}

waiting(created) := {"manager": "CUSTOMER", "origin": "EXTERNAL", "state": "PendingImport", "created_days_ago": created}

judge_waiting(created, import_days) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": waiting(created),
		"params": {"warn_days": 30, "import_days": import_days},
	}
}

test_later if count(judge(31)) == 0

test_applies if count(applies({"manager": "CUSTOMER", "origin": "EXTERNAL", "material_expires_in_days": 5})) == 0

test_not_ours if {
	applies({"manager": "AWS", "origin": "AWS_KMS"}) == {"an AWS managed key", "its material was not imported"}
	applies({"manager": "CUSTOMER", "origin": "AWS_KMS"}) == {"its material was not imported"}
	applies({"manager": "CUSTOMER", "origin": "EXTERNAL", "state": "Enabled"}) == {"its material does not expire"}
}
