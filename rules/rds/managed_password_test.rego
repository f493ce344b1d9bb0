package rules.rds.managed_password_test

import data.rules.rds.managed_password as rule

applies(resource) := answer if {
	answer := rule.not_applicable with input.resource as resource
}

# No peer reads MasterUserSecret.
test_managed if {
	count(rule.violation) == 0 with input.resource as {"managed_password": true}
	count(applies({"engine": "postgres", "managed_password": true})) == 0
}

test_not_managed if {
	rule.violation == {{
		"attribute": "managed_password",
		"message": "RDS does not manage its master password",
	}} with input.resource as {"managed_password": false}
	count(applies({"engine": "aurora-mysql", "managed_password": false})) == 0
}

test_member_of_a_cluster if {
	applies({"member": true, "engine": "aurora-mysql"}) == {"a member of a cluster, which is judged"}
}

test_read_replica if applies({"replica_of": "orders", "engine": "mysql"}) == {"a read replica: its source is judged"}

test_engines_without if {
	applies({"engine": "neptune"}) == {"Neptune has no master password"}
	applies({"engine": "custom-oracle-ee"}) == {"RDS Custom cannot keep its password in Secrets Manager"}
}
