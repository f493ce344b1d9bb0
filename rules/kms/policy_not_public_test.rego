package rules.kms.policy_not_public_test

import data.rules.kms.policy_not_public as rule

judge(public, statements) := answer if {
	answer := rule.violation with input.resource as {"policy_public": public, "policy_statements": statements}
}

test_not_public if {
	count(judge(false, [{"sid": "Root", "public": false}])) == 0
	count(rule.not_applicable) == 0 with input.resource as {"manager": "CUSTOMER"}
}

# steampipe kms_cmk_policy_prohibit_public_access misses * beside other principals; checkov CKV_AWS_33
# takes any condition, prowler kms_key_not_publicly_accessible any kms:ViaService, for a restriction.
test_public if {
	judge(true, [{"sid": "Root", "public": false}, {"sid": "#2", "public": true, "why": "principal * without a condition"}]) == {{
		"attribute": "policy_public",
		"message": "its policy lets anyone in; statement #2: principal * without a condition",
	}}
}

# prowler does not judge disabled keys; enabling one would open it at once.
test_disabled if {
	count(rule.not_applicable) == 0 with input.resource as {"manager": "CUSTOMER", "state": "Disabled"}
}

test_aws_managed if rule.not_applicable == {"an AWS managed key"} with input.resource as {"manager": "AWS"}
