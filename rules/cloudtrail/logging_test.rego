package rules.cloudtrail.logging_test

import data.rules.cloudtrail.logging as rule

test_logging if count(rule.violation) == 0 with input.resource as {"logging": true}

test_stopped if {
	rule.violation == {{"attribute": "logging", "message": "it is not logging"}} with input.resource as {"logging": false}
}
