package main

import "github.com/keyproof/keyproof/model"

// templateCheck says which rule of ours is about what another tool's check is
// about; or why none is.
type templateCheck struct {
	check   string
	rule    model.RuleID
	outside string
}

func peerTemplateChecks() []templateCheck {
	const (
		other   = "a password of a service that is neither a secret nor a database of the model"
		storage = "encryption of what is stored, not of secrets or their keys"
		habit   = "how functions run, not what they know"
	)
	return []templateCheck{
		{check: "cloudtrail_log_file_validation_disabled", rule: "CT-003"},
		{check: "cloudtrail_log_files_not_encrypted_with_kms", rule: "CT-004"},
		{check: "cloudtrail_logging_disabled", rule: "CT-001"},
		{check: "cloudtrail_multi_region_disabled", rule: "CT-002"},
		{check: "cloudtrail_not_integrated_with_cloudwatch", rule: "CT-010"},
		{check: "cmk_is_unusable", rule: "KMS-005"},
		{check: "cmk_rotation_disabled", rule: "KMS-001"},
		{check: "kms_enable_key_rotation_disabled", rule: "KMS-001"},
		{check: "kms_allows_wildcard_principal", rule: "KMS-003"},
		{check: "kms_key_with_full_permissions", rule: "KMS-003"},
		{check: "hardcoded_aws_access_key_in_lambda", rule: "LAM-001"},
		{check: "lambda_functions_with_full_privileges", rule: "IAM-007"},
		{check: "s3_bucket_cloudtrail_logging_disabled", rule: "CT-009"},
		{check: "secrets_manager_should_specify_kms_key_id", rule: "SM-007"},
		{check: "docdb_cluster_master_password_in_plaintext", rule: "RDS-004"},
		{check: "AWS-0014", rule: "CT-002"},
		{check: "AWS-0015", rule: "CT-004"},
		{check: "AWS-0016", rule: "CT-003"},
		{check: "AWS-0161", rule: "CT-007"},
		{check: "AWS-0162", rule: "CT-010"},
		{check: "AWS-0163", rule: "CT-009"},
		{check: "AWS-0098", rule: "SM-007"},
		{check: "access_key_not_rotated_within_90_days", outside: "access keys of users, which the model does not have"},
		{check: "amplify_app_basic_auth_config_password_exposed", outside: other},
		{check: "cloudformation_specifying_credentials_not_safe", outside: "credentials of cfn-init, which end on an instance"},
		{check: "cloudtrail_sns_topic_name_undefined", outside: "notices of each delivery, which tell nobody what happened; ACC-002 asks for alarms"},
		{check: "cmk_unencrypted_storage", outside: storage},
		{check: "default_kms_key_usage", outside: storage},
		{check: "directory_service_microsoft_ad_password_set_to_plaintext_or_default_ref", outside: other},
		{check: "directory_service_simple_ad_password_exposed", outside: other},
		{check: "dms_endpoint_mongo_db_settings_password_exposed", outside: other},
		{check: "dms_endpoint_password_exposed", outside: other},
		{check: "ec2_instance_using_default_security_group", outside: "networks"},
		{check: "ec2_instance_using_default_vpc", outside: "networks"},
		{check: "iam_user_login_profile_password_is_in_plaintext", outside: other},
		{check: "lambda_function_without_dead_letter_queue", outside: habit},
		{check: "lambda_function_without_tags", outside: habit},
		{check: "lambda_functions_without_unique_iam_roles", outside: habit},
		{check: "lambda_functions_without_x-ray_tracing", outside: habit},
		{check: "AWS-0017", outside: storage},
		{check: "AWS-0020", outside: "logs of databases"},
		{check: "AWS-0021", outside: storage},
		{check: "AWS-0022", outside: storage},
		{check: "AWS-0027", outside: storage},
		{check: "AWS-0345", outside: "access to buckets"},
		{check: "AWS-0057", outside: "wildcards in any policy; ours are about what reaches all secrets, parameters and keys"},
		{check: "AWS-0066", outside: habit},
		{check: "AWS-0067", outside: "who else invokes a function; ours ask whether Secrets Manager may"},
		{check: "AWS-0180", outside: "networks"},
		{check: "AWS-0133", outside: "performance of databases"},
		{check: "AWS-0079", outside: storage},
		{check: "AWS-0080", outside: storage},
		{check: "AWS-0078", outside: storage},
		{check: "AWS-0077", outside: "backups of databases"},
		{check: "AWS-0095", outside: storage},
		{check: "AWS-0136", outside: storage},
		{check: "AWS-0096", outside: storage},
		{check: "AWS-0097", outside: "policies of queues"},
		{check: "AWS-0135", outside: storage},
	}
}

// peerDifference explains where the answer is another one. because is in the
// reasons of what is unknown.
type peerDifference struct{ check, says, we, because, why string }

func peerTemplateDifferences() []peerDifference {
	const (
		delivery = "whether the delivery to the log group works only a running account tells"
		noUse    = "a disabled key is a fault where something uses it, and what does so may be in another stack"
		noKey    = "the key is not in the template, and may be one that AWS manages, whose id does not show it"
	)
	return []peerDifference{
		{"cloudtrail_not_integrated_with_cloudwatch", "PASS", "unknown", "log_group_error", delivery},
		{"cloudtrail_not_integrated_with_cloudwatch", "FAIL", "unknown", "log_group_error", delivery + "; kics fails a log group whose role is left out, which AWS refuses"},
		{"AWS-0162", "PASS", "unknown", "log_group_error", delivery},
		{"cmk_is_unusable", "PASS", "unknown", "used_by", noUse},
		{"cmk_is_unusable", "FAIL", "unknown", "used_by", noUse},
		{"secrets_manager_should_specify_kms_key_id", "PASS", "unknown", "related.key.manager", noKey},
		{"AWS-0098", "PASS", "unknown", "related.key.manager", noKey},
		{"kms_key_with_full_permissions", "FAIL", "pass", "", "no KeyPolicy: the default policy lets in the owner's account alone"},
		{"hardcoded_aws_access_key_in_lambda", "FAIL", "pass", "", "forty characters that no form of a credential fits, in a variable whose name says nothing"},
		{"lambda_functions_with_full_privileges", "FAIL", "pass", "", "every action, but on logs only: that reaches no secret, parameter or key"},
		{"s3_bucket_cloudtrail_logging_disabled", "PASS", "none", "", "no trail of the template uses the bucket: the name of a service in its policy makes it none"},
		{"s3_bucket_cloudtrail_logging_disabled", "FAIL", "none", "", "as above"},
		{"docdb_cluster_master_password_in_plaintext", "PASS", "none", "", "samples of other services"},
		{"docdb_cluster_master_password_in_plaintext", "PASS", "fail", "", "a text that is the name of a parameter, without Ref: it is the password, and kics takes it for a reference"},
	}
}
