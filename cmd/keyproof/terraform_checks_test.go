package main

import "github.com/keyproof/keyproof/model"

// terraformCheck says which of our rules judge what a check of a peer does. With
// no rules, why says what it is about instead. differs says of which verdicts we
// differ, for the reason why.
type terraformCheck struct {
	rules   []model.RuleID
	why     string
	differs func(o plansOracle, got model.Status) bool
}

func terraformChecks() map[string]terraformCheck {
	ids := func(list ...model.RuleID) []model.RuleID { return list }
	other := func(why string) terraformCheck { return terraformCheck{why: why} }
	return map[string]terraformCheck{
		"kics cloudtrail_log_file_validation_disabled":               {rules: ids("CT-003")},
		"kics cloudtrail_log_files_not_encrypted_with_kms":           {rules: ids("CT-004")},
		"kics cloudtrail_log_files_s3_bucket_is_publicly_accessible": {rules: ids("CT-007")},
		"kics cloudtrail_log_files_s3_bucket_with_logging_disabled":  {rules: ids("CT-009")},
		"kics cloudtrail_logging_disabled":                           {rules: ids("CT-001")},
		"kics cloudtrail_multi_region_disabled": {rules: ids("CT-002"), differs: passes,
			why: "it also asks for the events of global services, which ACC-001 judges of an account and CT-002 does not of a trail"},
		"kics cloudtrail_not_integrated_with_cloudwatch": {rules: ids("CT-010"), differs: unsure,
			why: "CT-010 also judges whether the delivery to the log group works, which only a running account tells"},
		"trivy-checks cloudtrail/ensure_cloudwatch_integration": {rules: ids("CT-010"), differs: unsure,
			why: "CT-010 also judges whether the delivery to the log group works, which only a running account tells"},
		"kics cmk_is_unusable": {rules: ids("KMS-005"), differs: unsure,
			why: "KMS-005 fails a key that is disabled and in use; that nothing uses it cannot be told from a plan"},
		"kics cmk_rotation_disabled": {rules: ids("KMS-001"), differs: passes,
			why: "it fails an asymmetric key for which rotation is turned on; KMS has no rotation for those, so that KMS-001 does not apply"},
		"kics hardcoded_aws_access_key_in_lambda": {rules: ids("LAM-001")},
		"kics kms_key_with_full_permissions": {rules: ids("KMS-003"), differs: either(unsure, passes),
			why: "it fails a key without a policy, whose default policy lets in its own account only; and a policy that names an account is unknown while the plan does not say whether that is its own"},
		"kics secrets_manager_with_vulnerable_policy": {rules: ids("SM-009")},
		"kics secretsmanager_secret_encrypted_with_aws_managed_key": {rules: ids("SM-007"), differs: unsure,
			why: "a key that is not in the plan may be one of AWS's own"},
		"kics secretsmanager_secret_without_kms": {rules: ids("SM-007"), differs: unsure,
			why: "a key that is not in the plan may be one of AWS's own"},
		"trivy-checks cloudtrail/enable_all_regions":            {rules: ids("CT-002")},
		"trivy-checks cloudtrail/enable_log_validation":         {rules: ids("CT-003")},
		"trivy-checks cloudtrail/encryption_customer_key":       {rules: ids("CT-004")},
		"trivy-checks cloudtrail/no_public_log_access":          {rules: ids("CT-007")},
		"trivy-checks cloudtrail/require_bucket_access_logging": {rules: ids("CT-009")},
		"trivy-checks kms/auto_rotate_keys": {rules: ids("KMS-001"), differs: func(_ plansOracle, got model.Status) bool { return got == model.StatusFail },
			why: "its sample is a symmetric key that signs, which KMS does not make: by its spec it could rotate"},
		"trivy-checks ssm/secret_use_customer_key": {rules: ids("SM-007")},

		"kics cloudtrail_sns_topic_name_undefined":                                              other("notifications of delivery"),
		"kics cloudwatch_cloudtrail_configuration_changes_alarm_missing":                        other("alarms, which are judged of an account (ACC-002) and not of a plan, that is not all of an account"),
		"kics cloudwatch_disabling_or_scheduled_deletion_of_customer_created_cmk_alarm_missing": other("alarms, which are judged of an account (ACC-002) and not of a plan, that is not all of an account"),
		"kics docdb_cluster_encrypted_with_aws_managed_key":                                     other("encryption or logging of other stores than secrets"),
		"kics docdb_cluster_not_encrypted":                                                      other("encryption or logging of other stores than secrets"),
		"kics docdb_cluster_without_kms":                                                        other("encryption or logging of other stores than secrets"),
		"trivy-checks cloudwatch/log_group_customer_key":                                        other("encryption or logging of other stores than secrets"),
		"trivy-checks documentdb/enable_log_export":                                             other("encryption or logging of other stores than secrets"),
		"trivy-checks documentdb/enable_storage_encryption":                                     other("encryption or logging of other stores than secrets"),
		"trivy-checks documentdb/encryption_customer_key":                                       other("encryption or logging of other stores than secrets"),
		"trivy-checks rds/enable_performance_insights":                                          other("encryption or logging of other stores than secrets"),
		"trivy-checks rds/encrypt_cluster_storage_data":                                         other("encryption or logging of other stores than secrets"),
		"trivy-checks rds/encrypt_instance_storage_data":                                        other("encryption or logging of other stores than secrets"),
		"trivy-checks rds/performance_insights_encryption_customer_key":                         other("encryption or logging of other stores than secrets"),
		"trivy-checks rds/specify_backup_retention":                                             other("encryption or logging of other stores than secrets"),
		"trivy-checks sns/enable_topic_encryption":                                              other("encryption or logging of other stores than secrets"),
		"trivy-checks sns/topic_encryption_with_cmk":                                            other("encryption or logging of other stores than secrets"),
		"trivy-checks sqs/enable_queue_encryption":                                              other("encryption or logging of other stores than secrets"),
		"trivy-checks sqs/queue_encryption_with_cmk":                                            other("encryption or logging of other stores than secrets"),
		"kics ec2_instance_using_default_security_group":                                        other("networks and machines"),
		"kics ec2_instance_using_default_vpc":                                                   other("networks and machines"),
		"trivy-checks rds/disable_public_access":                                                other("networks and machines"),
		"kics ssm_session_transit_encryption_disabled":                                          other("networks and machines"),
		"kics ec2_instance_using_api_keys":                                                      other("credentials in the data of machines, of which no rule speaks"),
		"kics hardcoded_aws_access_key":                                                         other("credentials in the data of machines, of which no rule speaks"),
		"trivy-checks ssm/avoid_leaks_via_http":                                                 other("credentials in the data of machines, of which no rule speaks"),
		"kics iam_access_key_is_exposed":                                                        other("access keys of users"),
		"kics kms_key_with_no_deletion_window":                                                  other("how long a deleted key waits, which KMS sets to 30 days by itself"),
		"kics lambda_function_with_privileged_role":                                             other("what functions may do, and their traces"),
		"kics lambda_functions_without_x_ray_tracing":                                           other("what functions may do, and their traces"),
		"trivy-checks lambda/enable_tracing":                                                    other("what functions may do, and their traces"),
		"trivy-checks lambda/restrict_source_arn":                                               other("what functions may do, and their traces"),
		"kics s3_bucket_object_level_cloudtrail_logging_disabled":                               other("data events of buckets"),
		"trivy-checks sqs/no_wildcards_in_policy_documents":                                     other("policies of queues"),
	}
}

// The ways in which a verdict may differ. That we pass what a peer fails is the
// one to be careful with.
func unsure(_ plansOracle, got model.Status) bool { return got == model.StatusUnknown }
func passes(o plansOracle, got model.Status) bool {
	return o.Verdict == "FAIL" && got == model.StatusPass
}

func either(list ...func(plansOracle, model.Status) bool) func(plansOracle, model.Status) bool {
	return func(o plansOracle, got model.Status) bool {
		for _, f := range list {
			if f(o, got) {
				return true
			}
		}
		return false
	}
}
