package rules.secretsmanager.policy_not_public_test

import data.rules.secretsmanager.policy_not_public as rule

statement(sid, public) := {"sid": sid, "effect": "Allow", "public": public, "why": "principal * without a condition"}

judge(public, statements) := answer if {
	answer := rule.violation with input.resource as {"policy_public": public, "policy_statements": statements}
}

test_no_policy if count(judge(false, [])) == 0

# kics fa00ce45 and guard KMS_NO_WILDCARD_PRINCIPAL differ on {"AWS": "*"}, prowler
# secretsmanager_not_publicly_accessible on NotPrincipal and on a single statement object: what is
# public is decided where the policy is read, the rule takes its word.
test_public if {
	judge(true, [statement("#1", false), statement("Open", true)]) == {{
		"attribute": "policy_public",
		"message": "its policy lets anyone in; statement Open: principal * without a condition",
	}}
}

test_two_statements if {
	judge(true, [statement("#1", true), statement("#2", true)]) == {{
		"attribute": "policy_public",
		"message": concat("; ", [
			"its policy lets anyone in",
			"statement #1: principal * without a condition",
			"statement #2: principal * without a condition",
		]),
	}}
}

test_no_statement_to_name if {
	judge(true, []) == {{"attribute": "policy_public", "message": "its policy lets anyone in"}}
	judge(true, [{"public": true}]) == {{"attribute": "policy_public", "message": "its policy lets anyone in; statement ?: public"}}
}

# A Deny or an excused Allow does not make a policy public.
test_not_public if count(judge(false, [statement("#1", false)])) == 0

test_of_a_service if count(rule.not_applicable) == 0 with input.resource as {"owning_service": "rds", "is_replica": false}

test_not_ours if {
	rule.not_applicable == {"a replica: its primary is judged"} with input.resource as {"is_replica": true}
	rule.not_applicable == {"scheduled for deletion"} with input.resource as {"deletion_scheduled": true}
}
