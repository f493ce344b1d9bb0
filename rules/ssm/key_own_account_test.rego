package rules.ssm.key_own_account_test

import data.rules.ssm.key_own_account as rule

judge(account, trusted) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": object.union({"account": "111122223333"}, account),
		"params": {"trusted_accounts": trusted},
	}
}

test_another_account if judge({"key_account": "999988887777"}, []) == {"its key belongs to account 999988887777"}

test_own if {
	count(judge({"key_account": "111122223333"}, [])) == 0
	count(judge({}, [])) == 0
}

test_trusted if count(judge({"key_account": "999988887777"}, ["999988887777"])) == 0

test_applies if count(rule.not_applicable) == 0 with input.resource as {"type": "SecureString", "default_key": false}

test_not_ours if {
	rule.not_applicable == {"not a SecureString"} with input.resource as {"type": "String"}
	rule.not_applicable == {"encrypted with a default key"} with input.resource as {"type": "SecureString", "default_key": true}
}
