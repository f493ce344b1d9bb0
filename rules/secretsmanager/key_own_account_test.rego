package rules.secretsmanager.key_own_account_test

import data.rules.secretsmanager.key_own_account as rule

judge(account, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": object.union({"account": "111122223333"}, account),
		"params": {"trusted_accounts": trusted},
	}
}

# steampipe secretsmanager_secret_encrypted_with_kms_cmk is content with a key of any account.
test_another_account if {
	judge({"key_account": "999988887777"}, []) == {"its key belongs to account 999988887777"}
}

test_own if {
	count(judge({"key_account": "111122223333"}, [])) == 0
	count(judge({}, [])) == 0
}

test_trusted if count(judge({"key_account": "999988887777"}, ["999988887777"])) == 0

test_applies if count(rule.not_applicable) == 0 with input.resource as {"default_key": false}

test_not_ours if {
	rule.not_applicable == {"encrypted with a default key"} with input.resource as {"default_key": true}
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
}
