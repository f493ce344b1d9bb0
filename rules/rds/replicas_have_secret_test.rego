package rules.rds.replicas_have_secret_test

import data.rules.rds.replicas_have_secret as rule

judge(regions, secret) := answer if {
	answer := rule.violation with input as {
		"resource": {"replica_regions": regions, "credential_secret": "arn:aws:secretsmanager:us-east-1:1:secret:s"},
		"related": {"credential_secret": secret},
	}
}

secret(regions) := {
	"exists": true,
	"replicas": [{"region": region, "default_key": true} | some region in regions],
}

# No peer reads the replicas of a secret but Custodian, and none those of its database.
test_everywhere if {
	count(judge(["eu-west-1"], secret(["eu-west-1", "ap-southeast-2"]))) == 0
	count(judge(["us-east-1"], secret([]))) == 0
}

test_missing if {
	judge(["ap-southeast-2", "eu-west-1"], secret(["eu-west-1"])) == {{
		"attribute": "replica_regions",
		"message": "it has a replica in ap-southeast-2, where the secret with its credentials is not",
	}}
}

test_no_secret if {
	judge(["eu-west-1"], {"exists": false}) == {{
		"attribute": "credential_secret",
		"message": "the secret with its credentials does not exist: arn:aws:secretsmanager:us-east-1:1:secret:s",
	}}
}

test_applies if count(rule.not_applicable) == 0 with input.resource as {"replica_regions": ["eu-west-1"]}

test_not_applicable if {
	rule.not_applicable == {"it has no replica in another region"} with input.resource as {"replica_regions": []}
	rule.not_applicable == {"it has no replica in another region"} with input.resource as {
		"replica_of": "arn:x",
		"replica_regions": [],
	}
}

# Its source has no replica in the other region, and is not judged.
test_cascade if {
	count(rule.not_applicable) == 0 with input.resource as {"replica_of": "orders", "replica_regions": ["eu-west-1"]}
}
