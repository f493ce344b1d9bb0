package rules.secretsmanager.same_name_elsewhere_test

import data.rules.secretsmanager.same_name_elsewhere as rule

judge(resource, regional) := answer if {
	answer := {
		"fails": {v.message | some v in rule.violation},
		"not": rule.not_applicable,
	} with input as {"resource": resource, "params": {"regional": regional}}
}

test_unique if judge({"same_name_regions": []}, false) == {"fails": set(), "not": set()}

test_elsewhere if {
	answer := judge({"same_name_regions": ["eu-west-1", "us-east-1"]}, false)
	answer.fails == {"another secret of this name, and no replica, is in eu-west-1, us-east-1"}
	count(answer.not) == 0
}

test_meant if judge({"same_name_regions": ["eu-west-1"]}, true).not == {"each region holds its own"}

test_one_region if judge({}, false).not == {"one region of the account was scanned"}

test_not_ours if {
	judge({"same_name_regions": [], "is_replica": true}, false).not == {"a replica: its primary is judged"}
	judge({"same_name_regions": [], "deletion_scheduled": true}, false).not == {"scheduled for deletion"}
	judge({"same_name_regions": [], "owning_service": "rds"}, false).not == {"rds made it and manages it"}
}
