package rules.secretsmanager.key_usable_test

import data.rules.secretsmanager.key_usable as rule

judge(key) := answer if {
	answer := rule.violation with input as {"resource": {"default_key": false}, "related": {"key": key}}
}

test_usable if {
	count(judge({"exists": true, "state": "Enabled"})) == 0
	count(judge({"exists": true, "state": "Updating"})) == 0
}

# No peer looks at the key behind a secret; where they look at keys, prowler
# kms_cmk_not_deleted_unintentionally and steampipe kms_key_not_pending_deletion
# miss PendingReplicaDeletion.
test_not_usable if {
	every state in ["Disabled", "PendingDeletion", "PendingReplicaDeletion", "PendingImport", "Unavailable", "Creating"] {
		judge({"exists": true, "state": state}) == {{"attribute": "kms_key", "message": sprintf("its key is %s", [state])}}
	}
}

test_gone if judge({"exists": false}) == {{"attribute": "kms_key", "message": "its key does not exist"}}

test_of_a_service if {
	count(rule.not_applicable) == 0 with input.resource as {"owning_service": "rds", "default_key": false, "is_replica": false}
}

test_default_key if {
	rule.not_applicable == {"encrypted with the default key, which AWS keeps usable"} with input.resource as {"default_key": true}
}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
}
