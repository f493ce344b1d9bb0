package rules.cloudtrail.key_own_account_test

import data.rules.cloudtrail.key_own_account as rule

judge(account, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": object.union({"account": "111122223333"}, account),
		"params": {"trusted_accounts": trusted},
	}
}

test_another_account if judge({"key_account": "999988887777"}, []) == {"its key belongs to account 999988887777"}

test_own if count(judge({"key_account": "111122223333"}, [])) == 0

test_trusted if count(judge({"key_account": "999988887777"}, ["999988887777"])) == 0

test_applies if count(rule.not_applicable) == 0 with input.resource as {"organization": false, "kms_key": "k"}

test_not_ours if {
	rule.not_applicable == {"an organization trail"} with input.resource as {"organization": true, "kms_key": "k"}
	rule.not_applicable == {"its logs are not encrypted with a KMS key, which CT-004 judges"} with input.resource as {
		"organization": false,
	}
}
