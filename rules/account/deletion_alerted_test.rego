package rules.account.deletion_alerted_test

import data.rules.account.deletion_alerted as rule

judge(unalerted, events) := answer if {
	answer := rule.violation with input as {"resource": {"unalerted_events": unalerted}, "params": {"events": events}}
}

test_all_alerted if count(judge([], ["kms:DisableKey"])) == 0

# That filters in another order or with other quotes count (steampipe log_metric_filter_disable_or_delete_cmk, trivy
# AWS-0153 fail them), and alarms without an action do not (prowler passes them), is decided where they are read.
test_not_alerted if {
	judge(["kms:DisableKey", "secretsmanager:DeleteSecret"], ["kms:DisableKey", "secretsmanager:DeleteSecret"]) == {
		{"attribute": "unalerted_events", "message": "nobody is told of kms:DisableKey"},
		{"attribute": "unalerted_events", "message": "nobody is told of secretsmanager:DeleteSecret"},
	}
}

test_not_asked_for if count(judge(["kms:DisableKey"], ["secretsmanager:DeleteSecret"])) == 0
