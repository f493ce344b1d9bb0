package rules.secretsmanager.customer_key_test

import data.rules.secretsmanager.customer_key as rule

test_customer_key if {
	count(rule.violation) == 0 with input as {"resource": {"default_key": false}, "related": {"key": {"manager": "CUSTOMER"}}}
	count(rule.not_applicable) == 0 with input.resource as {"default_key": false, "is_replica": false}
}

# cdk-nag SecretsManagerUsingKMSKey and checkov CKV_AWS_337 pass an alias of the default key; the
# model knows it by default_key however it was written.
test_default_key if {
	rule.violation == {{"attribute": "kms_key", "message": "encrypted with the default key aws/secretsmanager"}} with input as {
		"resource": {"default_key": true, "kms_key": "alias/aws/secretsmanager"},
		"related": {"key": {"manager": "AWS"}},
	}
}

# steampipe secretsmanager_secret_encrypted_with_kms_cmk passes the AWS managed key in other forms.
test_aws_managed_key_by_arn if {
	rule.violation == {{"attribute": "kms_key", "message": "encrypted with a key that AWS manages"}} with input as {
		"resource": {"default_key": false, "kms_key": "arn:aws:kms:us-east-1:111122223333:key/1234"},
		"related": {"key": {"manager": "AWS"}},
	}
}

# checkov CKV_AWS_149 fails any alias that contains aws/.
test_alias_that_looks_like_aws if {
	count(rule.violation) == 0 with input as {
		"resource": {"default_key": false, "kms_key": "alias/paws/app"},
		"related": {"key": {"manager": "CUSTOMER"}},
	}
}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
	rule.not_applicable == {"appflow made it and manages it"} with input.resource as {"owning_service": "appflow"}
}
