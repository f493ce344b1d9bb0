package rules.kms.not_pending_deletion_test

import data.rules.kms.not_pending_deletion as rule

judge(resource) := answer if {
	answer := {v.message | some v in rule.violation} with input.resource as resource
}

test_not_pending if {
	count(judge({"state": "Enabled"})) == 0
	count(judge({"state": "Disabled"})) == 0
	count(rule.not_applicable) == 0 with input.resource as {"manager": "CUSTOMER", "state": "Enabled"}
}

test_pending if {
	judge({"state": "PendingDeletion", "deletion_in_days": 7}) == {"KMS will delete it in 7 days"}
	judge({"state": "PendingDeletion", "deletion_in_days": 0}) == {"KMS will delete it in 0 days"}
	judge({"state": "PendingDeletion"}) == {"KMS will delete it soon"}
}

# prowler kms_cmk_not_deleted_unintentionally and steampipe kms_key_not_pending_deletion miss it.
test_pending_replica_deletion if {
	judge({"state": "PendingReplicaDeletion"}) == {"KMS will delete it once its replica keys are deleted"}
}

test_aws_managed if rule.not_applicable == {"an AWS managed key"} with input.resource as {"manager": "AWS"}
