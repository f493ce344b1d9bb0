package rules.secretsmanager.replicated_test

import data.rules.secretsmanager.replicated as rule

params := {"tag_key": "dr", "tag_value": "required", "required": false}

judge(replicas) := answer if {
	answer := {v.message | some v in rule.violation} with input.resource as {"replicas": replicas, "replica_states": replicas}
}

applies(resource, given) := answer if {
	answer := rule.not_applicable with input as {"resource": resource, "params": given}
}

test_in_sync if {
	count(judge([{"region": "eu-west-1", "status": "InSync"}])) == 0
	count(judge([{"region": "eu-west-1", "status": "Failed"}, {"region": "eu-central-1", "status": "InSync"}])) == 0
}

test_none if judge([]) == {"has no replica in another region"}

test_none_in_sync if {
	judge([{"region": "eu-west-1", "status": "Failed"}, {"region": "eu-central-1", "status": "InProgress"}]) == {
		"has no replica in sync: eu-west-1 is Failed, eu-central-1 is InProgress",
	}
}

test_required if {
	count(applies({"tags": {"dr": "required"}}, params)) == 0
	count(applies({"tags": {}}, object.union(params, {"required": true}))) == 0
	count(applies({"tags": {"tier": "gold"}}, object.union(params, {"tag_key": "tier", "tag_value": "gold"}))) == 0
}

test_not_required if {
	applies({"tags": {}}, params) == {"no tag dr=required asks for a replica"}
	applies({"tags": {"dr": "none"}}, params) == {"no tag dr=required asks for a replica"}
}

test_not_ours if {
	tags := {"tags": {"dr": "required"}}
	applies(object.union(tags, {"is_replica": true}), params) == {"a replica: its primary is judged"}
	applies(object.union(tags, {"deletion_scheduled": true}), params) == {"scheduled for deletion"}
	applies(object.union(tags, {"owning_service": "rds"}), params) == {"rds made it and manages it"}
}
