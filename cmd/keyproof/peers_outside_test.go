package main

// peerOutside are single entries that concern no rule, with the reason.
func peerOutside() []struct{ check, says, why string } {
	const file = "about reading a file of Terraform or CloudFormation, before any rule"
	const note = "no fault"
	return []struct{ check, says, why string }{
		{"awsconfig secretsmanager-rotation-enabled-check", "re-evaluation within 4 hours", "about when a service evaluates again"},
		{"prowler secretsmanager_secret_rotated_periodically", "boto3 datetimes", "about the host's time zone; the SDK for Go gives instants, and the tests of ages use zones"},
		{"custodian secrets-manager.current-version", "best age signal", note + "; the dates of versions take a call for each secret, and SM-017 says unknown instead"},
		{"prowler cloudtrail_cloudwatch_logging_enabled", "datetime.now() local time", "about the host's time zone; no rule asks when events were last delivered to a log group"},
		{"awsconfig iam-customer-policy-blocked-kms-actions", "HIPAA pack default differs", "about two packs of one service, which differ from each other"},
		{"prowler kms_cmk_not_deleted_unintentionally", "Has a fixer", "about repairs; rules repair nothing"},
		{"prowler cloudtrail_log_file_validation_enabled", "Configuration only", "true of CT-003 too: it says that files are signed, and verifies none"},
		{"steampipe cloudtrail_multi_region_trail_enabled", "'info' for unknown", note},
		{"steampipe ecs_task_definition_container_environment_no_secret", "Flags variables", "about ECS, which is no kind of resource here"},
		{"securityhub ECS.8", "names only", "about ECS, which is no kind of resource here"},
		{"custodian ssm-parameter (value filter, delete action); ssm-document content/cross-account/set-sharing", "no re-create", "about repairs; rules repair nothing"},
		{"cdknag KMSBackingKeyRotationEnabled (AwsSolutions-KMS5, PCI pack)", "correct keySpec", note},
		{"checkov CKV_AWS_149", "value known after apply", file},
		{"checkov CKV_AWS_304", "variables unresolved", file},
		{"checkov CKV2_AWS_57", "connection across modules", file},
		{"checkov CKV2_AWS_57", "no CloudFormation twin", file},
		{"checkov CKV_AWS_337", "missing type raises", file},
		{"checkov CKV_AWS_384", "no Terraform twin", file},
		{"checkov CKV_AWS_33", "parse exception swallowed", file},
		{"guard SECRETSMANAGER_ROTATION_ENABLED_CHECK", "SecretId via", file},
		{"guard CLOUD_TRAIL_ENCRYPTION_ENABLED", "KMSKeyId given by", file},
	}
}
