package rules.events.default_key_test

import data.rules.events.default_key as rule

message := "it is encrypted with the default key from now on"

test_default if {
	some key in ["", "alias/aws/secretsmanager", "arn:aws:kms:eu-west-1:111122223333:alias/aws/secretsmanager"]
	rule.violation == {{"attribute": "request_key", "message": message}} with input.resource as {"request_key": key}
}

test_customer if {
	count(rule.violation) == 0 with input.resource as {"request_key": "alias/app"}
	count(rule.violation) == 0 with input.resource as {}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
