package rules.cloudtrail.log_validation_test

import data.rules.cloudtrail.log_validation as rule

test_on if count(rule.violation) == 0 with input.resource as {"validation": true}

test_off if {
	rule.violation == {{"attribute": "validation", "message": "log file validation is off"}} with input.resource as {"validation": false}
}
