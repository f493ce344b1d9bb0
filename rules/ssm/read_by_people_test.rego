package rules.ssm.read_by_people_test

import data.rules.ssm.read_by_people as rule

judge(resource) := within(resource, 90)

within(resource, days) := answer if {
	params := {"tag": "human-access", "recent_days": days}
	answer := {v.message | some v in rule.violation} with input as {"resource": resource, "params": params}
}

reason(resource) := answer if {
	answer := rule.not_applicable with input as {"resource": resource, "params": {"tag": "human-access"}}
}

test_by_workloads if judge({}) == set()

test_by_a_person if {
	judge({"last_human_read_days_ago": 0, "last_human_reader": "ada"}) == {"ada read it today"}
	judge({"last_human_read_days_ago": 90, "last_human_reader": "ada"}) == {"ada read it 90 days ago"}
}

test_long_ago if judge({"last_human_read_days_ago": 91, "last_human_reader": "ada"}) == set()

test_recent_is_yours_to_say if {
	within({"last_human_read_days_ago": 91, "last_human_reader": "ada"}, 365) == {"ada read it 91 days ago"}
	within({"last_human_read_days_ago": 90, "last_human_reader": "ada"}, 30) == set()
}

test_applies if count(reason({"tag_keys": ["env"], "type": "SecureString"})) == 0

test_not_ours if {
	reason({"tag_keys": ["human-access"], "type": "SecureString"}) == {"the tag human-access says that people use it"}
	reason({"tag_keys": [], "type": "String"}) == {"it is not a SecureString"}
}
