package rules.events.read_by_iam_user_test

import data.rules.events.read_by_iam_user as rule

judge(kind, arn, allowed) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"principal_type": kind, "who": arn},
		"params": {"allowed_users": allowed},
	}
}

test_user if {
	judge("IAMUser", "arn:aws:iam::111122223333:user/legacy", []) == {"read by an IAM user"}
	judge("IAMUser", "arn:aws:iam::111122223333:user/legacy", ["arn:aws:iam::*:user/other"]) == {"read by an IAM user"}
}

test_of_another_account if {
	resource := {"principal_type": "AWSAccount", "principal_id": "AIDAEXAMPLE", "who": "AIDAEXAMPLE"}
	count(rule.violation) == 1 with input as {"resource": resource, "params": {"allowed_users": []}}
	count(rule.violation) == 0 with input as {"resource": resource, "params": {"allowed_users": ["AIDAEXAMPLE"]}}
	count(rule.violation) == 0 with input as {
		"resource": object.union(resource, {"principal_id": "AROAEXAMPLE:session"}),
		"params": {"allowed_users": []},
	}
}

test_allowed if judge("IAMUser", "arn:aws:iam::111122223333:user/legacy", ["arn:aws:iam::*:user/legacy"]) == set()

test_role if judge("AssumedRole", "arn:aws:sts::111122223333:assumed-role/app/i-1", []) == set()

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
