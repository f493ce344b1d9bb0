package rules.secretsmanager.replica_customer_key_test

import data.rules.secretsmanager.replica_customer_key as rule

ireland := {"region": "eu-west-1", "status": "InSync", "default_key": false, "kms_key": "alias/global"}

sydney := {"region": "ap-southeast-2", "status": "InSync", "default_key": true}

applies(resource, required) := answer if {
	answer := rule.not_applicable with input as {"resource": resource, "params": {"required": required}}
}

test_customer_key if {
	count(rule.violation) == 0 with input.resource as {"replicas": [ireland]}
	count(applies({"replicas": [ireland], "default_key": false}, false)) == 0
}

# checkov CKV_AWS_149 does not look at the keys of replicas.
test_default_key if {
	{v.message | some v in rule.violation} == {
		"its replica in ap-southeast-2 is encrypted with the default key aws/secretsmanager",
	} with input.resource as {"replicas": [ireland, sydney]}
}

test_primary_has_the_default_key if {
	applies({"replicas": [sydney], "default_key": true}, false) == {"it has the default key itself, which SM-007 judges"}
	count(applies({"replicas": [sydney], "default_key": true}, true)) == 0
}

test_not_ours if {
	applies({"replicas": []}, false) == {"it has no replicas"}
	applies({"replicas": [sydney], "is_replica": true}, false) == {"a replica: its primary is judged"}
	applies({"replicas": [sydney], "deletion_scheduled": true}, false) == {"scheduled for deletion"}
	applies({"replicas": [sydney], "owning_service": "rds"}, false) == {"rds made it and manages it"}
}
