package rules.secretsmanager.rotation_window_fits_test

import data.rules.secretsmanager.rotation_window_fits as rule

secret := {"rotation_enabled": true, "rotation_function": "arn:f", "rotation_window_hours": 1}

judge(hours, seconds, calls) := answer if {
	answer := rule.violation with input as {
		"resource": object.union(secret, {"rotation_window_hours": hours}),
		"related": {"rotation_function": {"exists": true, "timeout_seconds": seconds}},
		"params": {"calls": calls},
	}
}

test_fits if {
	count(judge(1, 899, 4)) == 0
	count(judge(2, 900, 4)) == 0
	count(judge(1, 900, 1)) == 0
	some finding in judge(2, 1800, 4)
	contains(finding.message, "2 hours")
}

test_too_short if {
	judge(1, 900, 4) == {{
		"attribute": "rotation_window_hours",
		"message": "its window of 1 hour has no time to spare: 4 calls of its function can take 900 seconds each",
	}}
}

applies(change, exists) := answer if {
	answer := rule.not_applicable with input as {
		"resource": object.union(secret, change),
		"related": {"rotation_function": {"exists": exists}},
	}
}

test_applies if count(applies({}, true)) == 0

test_not_applicable if {
	applies({"is_replica": true}, true) == {"a replica: its primary is judged"}
	applies({"deletion_scheduled": true}, true) == {"scheduled for deletion"}
	applies({"owning_service": "rds"}, true) == {"rds made it and manages it"}
	applies({"rotation_enabled": false}, true) == {"rotation is off"}
	applies({}, false) == {"its rotation function does not exist, which SM-005 judges"}
	rule.not_applicable == {"its rotation needs no function"} with input.resource as object.remove(secret, ["rotation_function"])
	rule.not_applicable == {"AWS chooses the window"} with input.resource as object.remove(secret, ["rotation_window_hours"])
	rule.not_applicable == {"its rotation function has no such version or alias, which SM-005 judges"} with input as {
		"resource": object.union(secret, {"rotation_qualifier": "live"}),
		"related": {"rotation_function": {"exists": true, "missing_qualifiers": ["live"]}},
	}
}
