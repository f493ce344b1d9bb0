package main

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

func peerCases() []peerCase {
	const fail, pass, unknown, na = model.StatusFail, model.StatusPass, model.StatusUnknown, model.StatusNotApplicable
	cases := []peerCase{
		// rotation is on
		{"prowler secretsmanager_automatic_rotation_enabled", "ListSecrets error", "SM-001", "*@ap-southeast-2", unknown, ""},
		{"prowler secretsmanager_automatic_rotation_enabled", "Replica secrets are listed", "SM-001", "idle-replica@eu-west-1", na, ""},
		{"prowler secretsmanager_automatic_rotation_enabled", "OwningService is not read", "SM-001", "owned", na, ""},
		{"prowler secretsmanager_automatic_rotation_enabled", "No period, no success test", "SM-003", "failing", fail, ""},
		{"steampipe secretsmanager_secret_automatic_rotation_enabled", "False OK", "SM-001", "turned-off", fail, ""},
		{"steampipe secretsmanager_secret_automatic_rotation_enabled", "Replicas and OwningService", "SM-001", "owned", na, ""},
		{"securityhub SecretsManager.1", "not documented how replicas", "SM-001", "idle-replica@eu-west-1", na, ""},
		{"custodian secrets-manager (resource + value filter)", "DescribeSecret AccessDenied", "SM-011", "hidden-replicas", unknown, ""},
		{"checkov CKV2_AWS_57", "rotation resource content not tested", "SM-002", "yearly", fail, ""},
		{"guard SECRETSMANAGER_ROTATION_ENABLED_CHECK", "RotationRules / Lambda not tested", "SM-005", "no-function", fail, ""},
		{"cdknag SecretsManagerRotationEnabled (AwsSolutions-SMG4, HIPAA pack)", "managed rotation / external", "SM-001", "external", pass, ""},
		{"cloudquery SecretManager.1-4 (foundational_security/services/secretmanager.hcl)", "never evaluates", "SM-001", "plain", fail, ""},

		// rotation by age, success and period
		{"prowler secretsmanager_secret_rotated_periodically", "ListSecrets error", "SM-003", "*@ap-southeast-2", unknown, ""},
		{"prowler secretsmanager_secret_rotated_periodically", "Replica secrets are listed", "SM-003", "idle-replica@eu-west-1", na, ""},
		{"prowler secretsmanager_secret_rotated_periodically", "OwningService is not read", "SM-003", "owned", pass, ""},
		{"prowler secretsmanager_secret_rotated_periodically", "A secret created today FAILs", "SM-003", "new", pass, ""},
		{"prowler secretsmanager_secret_rotated_periodically", "Manual PutSecretValue", "SM-003", "by-hand", pass, ""},
		{"steampipe secretsmanager_secret_automatic_rotation_lambda_enabled", "Evaluates no date", "SM-003", "failing", fail, ""},
		{"steampipe secretsmanager_secret_automatic_rotation_lambda_enabled", "Managed rotation (RDS etc.)", "SM-001", "external", pass, ""},
		{"steampipe secretsmanager_secret_last_changed_90_day / _365_day", "LastChangedDate is", "SM-017", "tag-edited", unknown, ""},
		{"securityhub SecretsManager.4", "Remediation text demands a Lambda", "SM-005", "external", na, ""},
		{"steampipe secretsmanager_secret_rotated_as_scheduled", "CASE has no ELSE", "SM-003", "on-time", pass, ""},
		{"steampipe secretsmanager_secret_rotated_as_scheduled", "alarm for secrets without rotation", "SM-003", "plain", na, ""},
		{"steampipe secretsmanager_secret_rotated_as_scheduled", "rotation_rules of disabled", "SM-003", "turned-off", na, ""},
		{"steampipe secretsmanager_secret_rotated_as_scheduled", "NextRotationDate not used", "SM-003", "on-time", pass, ""},
		{"securityhub SecretsManager.2", "that attribute is Config-internal", "SM-003", "failing", fail, ""},
		{"checkov CKV_AWS_304", "cron yearly passes", "SM-002", "yearly", fail, ""},
		{"checkov CKV_AWS_304", "secret without a rotation resource", "SM-001", "plain", fail, ""},

		// use
		{"prowler secretsmanager_secret_unused", "ListSecrets error", "SM-013", "*@ap-southeast-2", unknown, ""},
		{"prowler secretsmanager_secret_unused", "Replica secrets are listed", "SM-013", "idle-replica@eu-west-1", na, ""},
		{"prowler secretsmanager_secret_unused", "OwningService is not read", "SM-013", "owned", na, ""},
		{"prowler secretsmanager_secret_unused", "New, not-yet-read secret", "SM-013", "new", pass, ""},
		{"prowler secretsmanager_secret_unused", "LastAccessedDate is per Region", "SM-013", "read-elsewhere", pass, ""},
		{"steampipe secretsmanager_secret_unused_90_day", "New secrets alarm", "SM-013", "new", pass, ""},
		{"steampipe secretsmanager_secret_last_used_1_day", "Compares with creation", "SM-013", "once", fail, ""},

		// policies of secrets
		{"prowler secretsmanager_not_publicly_accessible", "policy stays None", "SM-009", "hidden-policy", unknown, ""},
		{"prowler secretsmanager_not_publicly_accessible", "Deny statements are ignored", "SM-009", "only-deny", pass, ""},
		{"prowler secretsmanager_not_publicly_accessible", "NotPrincipal with Allow", "SM-009", "not-principal", fail, ""},
		{"prowler secretsmanager_not_publicly_accessible", "aws partition hard-coded", "SM-009", "another-partition", fail, ""},
		{"prowler secretsmanager_not_publicly_accessible", "Statement given as a single object", "SM-009", "one-statement", fail, ""},
		{"prowler secretsmanager_has_restrictive_resource_policy", "'No policy' and", "SM-023", "hidden-policy", unknown, ""},
		{"prowler secretsmanager_has_restrictive_resource_policy", "Every secret with no resource policy", "SM-023", "plain", na, ""},
		{"prowler secretsmanager_has_restrictive_resource_policy", "Equivalent policies", "SM-023", "by-endpoint", pass, ""},
		{"prowler secretsmanager_has_restrictive_resource_policy", "All cross-account Allows", "SM-010", "by-endpoint", pass, ""},
		{"kics fa00ce45-386d-4718-8392-fb485e1f3c5b", "any Condition passes", "SM-009", "any-condition", fail, ""},

		// keys of secrets, replicas
		{"steampipe secretsmanager_secret_encrypted_with_kms_cmk", "Join is on key ARN only", "SM-007", "key-by-id", fail, ""},
		{"checkov CKV_AWS_149", "a key alias such as alias/paws/x", "SM-007", "key-paws", pass, ""},
		{"checkov CKV_AWS_149", "replica{} blocks", "SM-018", "replica-default-key", fail, ""},
		{"trivy AWS-0098", "the only Secrets Manager check", "SM-009", "one-statement", fail, ""},
		{"trivy AWS-0098", "aws_ssm_parameter is not adapted", "SSM-002", "/app/default-key", fail, ""},
		{"cdknag SecretsManagerUsingKMSKey (HIPAA, PCI packs)", `"alias/aws/secretsmanager" passes`, "SM-007", "key-alias-arn", fail, ""},
		{"custodian secrets-manager.replica-attribute", "replica describe failure", "SM-012", "hidden-replicas", unknown, ""},
	}
	return slices.Concat(cases, peerKeyCases(), peerTrailCases(), peerAroundCases(), peerIAMCases())
}

func peerKeyCases() []peerCase {
	const fail, pass, unknown, na = model.StatusFail, model.StatusPass, model.StatusUnknown, model.StatusNotApplicable
	return []peerCase{
		{"prowler kms_cmk_rotation_enabled", "Origin is not tested", "KMS-001", "alias/imported", na, ""},
		{"prowler kms_cmk_rotation_enabled", "Origin is not tested", "KMS-001", "alias/cloudhsm", na, ""},
		{"prowler kms_cmk_rotation_enabled", "AccessDenied on GetKeyRotationStatus", "KMS-001", "alias/hidden-rotation", unknown, ""},
		{"prowler kms_cmk_rotation_enabled", "AccessDenied on DescribeKey", "KMS-001", "alias/hidden-key", unknown, ""},
		{"prowler kms_cmk_rotation_enabled", "RotationPeriodInDays", "KMS-007", "alias/seldom", fail, ""},
		{"prowler kms_cmk_rotation_enabled", "Multi-Region replica keys", "KMS-001", "alias/mr@eu-west-1", na, ""},
		{"steampipe kms_cmk_rotation_enabled", "AWS_CLOUDHSM and EXTERNAL_KEY_STORE", "KMS-001", "alias/xks", na, ""},
		{"steampipe kms_cmk_rotation_enabled", "plugin maps AccessDenied", "KMS-001", "alias/hidden-rotation", unknown, ""},
		{"securityhub KMS.4", "unknown reported as fail", "KMS-001", "alias/hidden-rotation", unknown, ""},
		{"awsconfig cmk-backing-key-rotation-enabled", "unknown as non-compliant", "KMS-001", "alias/hidden-rotation", unknown, ""},
		{"custodian kms-key.key-rotation-status", "AccessDenied/Unsupported", "KMS-001", "alias/hidden-rotation", unknown, ""},
		{"checkov CKV_AWS_7", "rotation_period_in_days ignored", "KMS-007", "alias/seldom", fail, ""},
		{"checkov CKV_AWS_7", "aws_kms_external_key / replica", "KMS-001", "alias/mr@eu-west-1", na, ""},
		{"trivy AWS-0065", "RSA/ECC ENCRYPT_DECRYPT", "KMS-001", "alias/rsa", na, ""},
		{"trivy AWS-0065", "RSA/ECC ENCRYPT_DECRYPT", "KMS-001", "alias/hmac", na, ""},
		{"kics 22fbfeac-7b5a-421a-8a27-7a2178bb910b", "stored version: key with neither", "KMS-001", "alias/never", fail, ""},
		{"guard CMK_BACKING_KEY_ROTATION_ENABLED", "KeySpec ignored", "KMS-001", "alias/hmac", na, ""},
		{"scoutsuite kms-cmk-rotation-disabled", "key spec ignored", "KMS-001", "alias/rsa", na, ""},
		{"prowler kms_cmk_not_deleted_unintentionally", "PendingReplicaDeletion is not matched", "KMS-002", "alias/pending-replicas", fail, ""},
		{"prowler kms_cmk_not_deleted_unintentionally", "No link to the secrets", "SM-008", "key-pending", fail, ""},
		{"steampipe kms_key_not_pending_deletion", "PendingReplicaDeletion not matched", "KMS-002", "alias/pending-replicas", fail, ""},
		{"guard KMS_CMK_NOT_SCHEDULED_FOR_DELETION", "listed in PCI mapping", "KMS-002", "alias/pending", fail, ""},
		{"prowler kms_cmk_are_used", "'Used' means KeyState only", "KMS-005", "alias/pending", fail, ""},
		{"steampipe kms_cmk_unused", "state only", "KMS-005", "alias/public-off", na, ""},
		{"prowler kms_key_not_publicly_accessible", "policy None after AccessDenied", "KMS-003", "alias/hidden-key-policy", unknown, ""},
		{"prowler kms_key_not_publicly_accessible", "Deny ignored", "KMS-004", "alias/caller-outside", fail, ""},
		{"prowler kms_key_not_publicly_accessible", "Disabled / pending keys", "KMS-003", "alias/public-off", fail, ""},
		{"prowler kms_key_not_publicly_accessible", "Disabled / pending keys", "KMS-006", "alias/grants", fail, ""},
		{"steampipe kms_cmk_policy_prohibit_public_access", "Principal list that contains *", "KMS-003", "alias/star-among-others", fail, ""},
		{"steampipe kms_cmk_policy_prohibit_public_access", "Any StringEquals value", "KMS-004", "alias/caller-outside", fail, ""},
		{"securityhub KMS.5", "documented: FAILED also", "KMS-003", "alias/hidden-key-policy", unknown, ""},
		{"securityhub KMS.5", "documented: FAILED also", "KMS-003", "alias/caller-wildcard", fail, ""},
		{"custodian kms-key.cross-account / kms.grant-count", "GetKeyPolicy AccessDenied", "KMS-004", "alias/hidden-key-policy", unknown, ""},
		{"checkov CKV_AWS_33", "TF: any Condition passes", "KMS-003", "alias/any-condition", fail, ""},
		{"guard KMS_NO_WILDCARD_PRINCIPAL", `{"AWS":"*"} not matched`, "KMS-003", "alias/caller-wildcard", fail, ""},
		{"guard KMS_NO_WILDCARD_PRINCIPAL", `{"AWS":"*"} not matched`, "KMS-003", "alias/deny-star", pass, ""},
	}
}

func peerTrailCases() []peerCase {
	const fail, pass, unknown, na = model.StatusFail, model.StatusPass, model.StatusUnknown, model.StatusNotApplicable
	return []peerCase{
		{"prowler cloudtrail_multi_region_enabled", "DescribeTrails AccessDenied", "CT-002", "*@ap-southeast-2", unknown, ""},
		{"prowler cloudtrail_multi_region_enabled", "one GetTrailStatus error", "CT-001", "hidden-status", unknown, ""},
		{"prowler cloudtrail_multi_region_enabled", "one GetTrailStatus error", "CT-001", "renamed", pass, ""},
		{"prowler cloudtrail_multi_region_enabled", "Event selectors and KMS", "CT-005", "kms-excluded", fail, ""},
		{"prowler cloudtrail_multi_region_enabled_logging_management_events", "Advanced selectors are recognised", "CT-011", "renamed", pass, ""},
		{"prowler cloudtrail_multi_region_enabled_logging_management_events", "Advanced selectors are recognised", "CT-011", "data-only", na, ""},
		{"prowler cloudtrail_multi_region_enabled_logging_management_events", "ExcludeManagementEventSources", "CT-005", "kms-excluded-advanced", fail, ""},
		{"steampipe cloudtrail_security_trail_enabled", "The only open-source peer", "CT-005", "kms-excluded-advanced", fail, ""},
		{"steampipe cloudtrail_security_trail_enabled", "alarms per trail", "ACC-001", "111122223333", pass, ""},
		{"steampipe cloudtrail_multi_region_read_write_enabled", "advanced selector test", "CT-011", "writes-only", fail, ""},
		{"custodian account.check-cloudtrail", "good: tests LatestDeliveryError", "CT-006", "not-delivering", fail, ""},
		{"custodian account.check-cloudtrail", "excluded event sources", "CT-005", "kms-excluded", fail, ""},
		{"checkov CKV_AWS_67", "every trail resource", "CT-002", "data-only", na, ""},
		{"prowler cloudtrail_kms_encryption_enabled", "Key state/policy not followed", "CT-012", "disabled-key", fail, ""},
		{"prowler awslambda_function_no_secrets_in_variables", "variable name derived", "LAM-001", "multi-line", fail, ""},
		{"prowler other *_no_secrets*/find_secrets checks", "None reads SSM", "SSM-001", "/app/DB_PASSWORD", fail, ""},
		{"steampipe lambda_function_variables_no_sensitive_data", "DB_SECRET_ARN", "LAM-001", "names-only", pass, ""},
		{"kics 1402afd8-a95c-4e84-8b0b-6fb43758e6ce", "unanchored", "LAM-001", "looks-like-a-key", pass, ""},
		{"steampipe ssm_parameter_encryption_enabled", "Every String/StringList", "SSM-001", "/ami/id", pass, ""},
		{"steampipe ssm_parameter_encryption_enabled", "Every String/StringList", "SSM-001", "/feature/flag", pass, ""},
		{"checkov CKV2_AWS_34", "every String parameter fails", "SSM-001", "/feature/flag", pass, ""},
		{"checkov CKV_AWS_384", "name gate", "SSM-001", "/app/DB_PASSWORD", fail, ""},
		{"checkov CKV_AWS_384", "is_dynamic_value()", "SSM-001", "/app/from-variable", pass, ""},
		{"checkov CKV_AWS_337", "key_id alias/aws/ssm passes", "SSM-002", "/app/default-key", fail, ""},
	}
}

func peerIAMCases() []peerCase {
	const fail, pass, na = model.StatusFail, model.StatusPass, model.StatusNotApplicable
	return []peerCase{
		{"prowler iam_policy_no_full_access_to_kms / iam_inline_policy_no_full_access_to_kms", "Only the full set fails", "IAM-005", "decrypt@global", fail, ""},
		{"prowler iam_policy_no_full_access_to_kms / iam_inline_policy_no_full_access_to_kms", "Resource arn:aws:kms:*:*:key/*", "IAM-005", "all-key-arns@global", fail, ""},
		{"prowler iam_policy_no_full_access_to_kms / iam_inline_policy_no_full_access_to_kms", "Conditions ignored", "IAM-005", "by-alias@global", pass, ""},
		{"prowler iam_policy_no_full_access_to_kms / iam_inline_policy_no_full_access_to_kms", "Conditions ignored; no such check for secretsmanager or ssm", "IAM-003", "read-secrets@global", fail, ""},
		{"prowler iam_policy_no_full_access_to_kms / iam_inline_policy_no_full_access_to_kms", "Conditions ignored; no such check for secretsmanager or ssm", "IAM-004", "read-parameters@global", fail, ""},
		{"steampipe kms_key_decryption_restricted_in_iam_customer_managed_policy", "claims Zelkova", "IAM-005", "abbreviated@global", fail, ""},
		{"steampipe kms_key_decryption_restricted_in_iam_customer_managed_policy", "claims Zelkova", "IAM-005", "all-but@global", fail, ""},
		{"steampipe kms_key_decryption_restricted_in_iam_inline_policy", "pattern typo", "IAM-011", "re-encrypts@global", fail, ""},
		{"steampipe iam_policy_no_full_access_to_kms", `Action "*" is ok`, "IAM-001", "everything@global", fail, ""},
		{"steampipe iam_policy_no_full_access_to_kms", `Action "*" is ok`, "IAM-005", "everything@global", na, ""},
		{"steampipe iam_policy_custom_no_blocked_kms_actions / iam_policy_inline_no_blocked_kms_actions", "kms:* and * not matched", "IAM-005", "all-of-kms@global", fail, ""},
		{"steampipe iam_policy_custom_no_blocked_kms_actions / iam_policy_inline_no_blocked_kms_actions", "kms:* and * not matched", "IAM-005", "one-key@global", pass, ""},
		{"steampipe ec2_instance_no_iam_role_with_destruction_kms_access", "A trust policy holds sts actions only", "IAM-012", "destroys@global", fail, ""},
		{"checkov CKV_AWS_107/108/287/288", "only Resource * statements", "IAM-003", "all-secret-arns@global", fail, ""},
	}
}
