package terraform

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const (
	secretType   = "aws_secretsmanager_secret"
	rotationType = "aws_secretsmanager_secret_rotation"
	refersToKey  = `{"kms_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}`
	laterID      = `{"id":true,"arn":true}`
)

// attributeCase is a plan and what it says of one resource.
type attributeCase struct {
	plan    []change
	address string
	want    map[string]string // attributes, and references with "→"
}

func attributeCases() map[string]attributeCase {
	key := change{address: "aws_kms_key.k", unknown: laterID}
	other := change{address: "aws_kms_key.other", unknown: laterID}
	return map[string]attributeCase{
		"a sensitive key": {
			[]change{{address: secretType + ".s", after: `{"kms_key_id":"SENTINEL"}`, hidden: `{"kms_key_id":true}`}}, secretType + ".s",
			map[string]string{"default_key": "not_in_source", "kms_key": "not_in_source", "→key": "not_in_source"},
		},
		"one of two keys": {
			[]change{key, other, {address: secretType + ".s", unknown: `{"kms_key_id":true}`, config: `{"kms_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k","aws_kms_key.other.arn","aws_kms_key.other","var.which"]}}`}},
			secretType + ".s", map[string]string{"default_key": "false", "→key": "after_apply"},
		},
		"a local value": {
			[]change{key, {address: secretType + ".s", unknown: `{"kms_key_id":true}`, config: `{"kms_key_id":{"references":["local.key"]}}`}},
			secretType + ".s", map[string]string{"default_key": "after_apply", "→key": "after_apply"},
		},
		"a key or none": {
			[]change{key, {address: secretType + ".s", unknown: `{"kms_key_id":true}`, config: `{"kms_key_id":{"references":["var.own","aws_kms_key.k.arn","aws_kms_key.k"]}}`}},
			secretType + ".s", map[string]string{"default_key": "false", "→key": "aws_kms_key.k"},
		},
		"a key of which there is none": {
			[]change{key, {address: secretType + ".s", unknown: `{"kms_key_id":true}`, config: `{"kms_key_id":{"references":["aws_kms_key.none[0].arn","aws_kms_key.none[0]","aws_kms_key.none","aws_kms_key.k.arn","aws_kms_key.k"]}}`,
				also: `{"address":"aws_kms_key.none","type":"aws_kms_key","count_expression":{"constant_value":0}}`}},
			secretType + ".s", map[string]string{"default_key": "false", "→key": "aws_kms_key.k"},
		},
		"an alias of AWS": {
			[]change{{address: secretType + ".s", after: `{"kms_key_id":"arn:aws:kms:eu-west-1:111122223333:alias/aws/secretsmanager"}`}},
			secretType + ".s", map[string]string{"default_key": "true", "kms_key": "none", "→key": "none"},
		},
		"a key by its name in another region": {
			[]change{{address: "aws_kms_alias.a", after: `{"name":"alias/a","region":"us-east-1"}`, unknown: `{"target_key_id":true}`, config: `{"target_key_id":{"references":["aws_kms_key.k.key_id","aws_kms_key.k"]}}`},
				{address: "aws_kms_key.k", unknown: laterID, after: `{"region":"us-east-1"}`}, {address: secretType + ".s", after: `{"kms_key_id":"alias/a"}`}},
			secretType + ".s", map[string]string{"default_key": "false", "→key": "alias/a"},
		},
		"a rotation of what cannot be told": {
			[]change{{address: secretType + ".s", unknown: laterID}, {address: rotationType + ".r", unknown: `{"secret_id":true}`, config: `{"secret_id":{"references":["local.id"]}}`}},
			secretType + ".s", map[string]string{"rotation_enabled": "after_apply", "managed_rotation": "after_apply", "→rotation_function": "after_apply"},
		},
		"a rotation of a secret elsewhere": {
			[]change{{address: secretType + ".s", unknown: laterID}, {address: rotationType + ".r", after: `{"secret_id":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-aaaaaa"}`}},
			secretType + ".s", map[string]string{"rotation_enabled": "false"},
		},
		"a rotation by the name of the secret": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`, unknown: laterID}, {address: rotationType + ".r", after: `{"secret_id":"app","rotation_rules":[{"automatically_after_days":7}]}`}},
			secretType + ".s", map[string]string{"rotation_enabled": "true", "rotation_interval_days": "7", "managed_rotation": "true", "→rotation_function": "none"},
		},
		"two rotations": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: rotationType + ".q", after: `{"secret_id":"app"}`}, {address: rotationType + ".r", after: `{"secret_id":"app"}`}},
			secretType + ".s", map[string]string{"rotation_enabled": "unresolved"},
		},
		"a rotation by a function of the serverless repository": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: "aws_serverlessapplicationrepository_cloudformation_stack.f", unknown: `{"outputs":true}`},
				{address: rotationType + ".r", after: `{"secret_id":"app","rotation_rules":[{"schedule_expression":"rate(4 days)"}]}`, unknown: `{"rotation_lambda_arn":true}`,
					config: `{"rotation_lambda_arn":{"references":["aws_serverlessapplicationrepository_cloudformation_stack.f.outputs.RotationLambdaARN","aws_serverlessapplicationrepository_cloudformation_stack.f.outputs","aws_serverlessapplicationrepository_cloudformation_stack.f"]}}`}},
			secretType + ".s", map[string]string{"rotation_enabled": "true", "managed_rotation": "false", "rotation_function": "after_apply", "→rotation_function": "after_apply", "rotation_interval_days": "4"},
		},
		"a rotation in the secret, as old providers had it": {
			[]change{{address: secretType + ".s", after: `{"rotation_lambda_arn":"arn:aws:lambda:eu-west-1:111122223333:function:turn:live","rotation_rules":[{"automatically_after_days":30}]}`, config: `{"rotation_lambda_arn":{}}`}},
			secretType + ".s", map[string]string{"rotation_enabled": "true", "rotation_days": "30", "rotation_function": `"arn:aws:lambda:eu-west-1:111122223333:function:turn"`},
		},
		"a schedule that is none": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: rotationType + ".r", after: `{"secret_id":"app","rotation_rules":[{"schedule_expression":"cron(whenever)"}]}`}},
			secretType + ".s", map[string]string{"rotation_enabled": "true", "rotation_interval_days": "unresolved"},
		},
		"replicas": {
			[]change{{address: secretType + ".s", after: `{"replica":[{"region":"us-east-1"},{"region":"eu-north-1"}]}`, unknown: `{"replica":[{"kms_key_id":true},{"kms_key_id":true}]}`,
				config: `{"replica":[{"region":{"constant_value":"eu-north-1"}},{"region":{"constant_value":"us-east-1"}}]}`}},
			secretType + ".s", map[string]string{"replicas": `[{"region":"eu-north-1","default_key":true},{"region":"us-east-1","default_key":true}]`, "primary_region": `"eu-west-1"`},
		},
		"a policy with an account, of whoever it is": {
			[]change{{address: secretType + ".s", after: `{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"*\",\"Resource\":\"*\"}}"}`, config: `{"policy":{}}`}},
			secretType + ".s", map[string]string{"policy_present": "true", "policy_public": "false", "policy_statements": "not_in_source", "outside_accounts": "not_in_source"},
		},
		"a policy that is null in the end": {
			[]change{{address: secretType + ".s", unknown: `{"policy":true}`, config: `{"policy":{"references":["var.policy"]}}`}},
			secretType + ".s", map[string]string{"policy_present": "false"},
		},
		"a policy that is not known": {
			[]change{{address: secretType + ".s", unknown: `{"policy":true}`, config: `{"policy":{"references":["aws_iam_role.r.arn","aws_iam_role.r"]}}`}, {address: "aws_iam_role.r", unknown: laterID}},
			secretType + ".s", map[string]string{"policy_present": "after_apply", "policy_public": "after_apply"},
		},
		"a pending document that lets anyone in": {
			[]change{{address: secretType + ".s", unknown: `{"policy":true}`, config: `{"policy":{"references":["data.aws_iam_policy_document.d.json","data.aws_iam_policy_document.d"]}}`},
				{address: "data.aws_iam_policy_document.d", actions: "read", unknown: `{"json":true,"statement":[{"principals":[{}]},{"principals":[{"identifiers":[true]}]}]}`,
					after: `{"statement":[{"actions":["*"],"principals":[{"type":"*","identifiers":["*"]}]},{"actions":["*"],"principals":[{"type":"AWS","identifiers":[null]}]}]}`}},
			secretType + ".s", map[string]string{"policy_present": "true", "policy_public": "true", "policy_statements": "after_apply"},
		},
		"a pending document that does not": {
			[]change{{address: secretType + ".s", unknown: `{"policy":true}`, config: `{"policy":{"references":["data.aws_iam_policy_document.d.json","data.aws_iam_policy_document.d"]}}`},
				{address: "data.aws_iam_policy_document.d", actions: "read", unknown: `{"json":true,"statement":[{"principals":[{"identifiers":[true]}]}]}`,
					after: `{"statement":[{"actions":["*"],"principals":[{"type":"AWS","identifiers":[null]}]}]}`}},
			secretType + ".s", map[string]string{"policy_present": "true", "policy_public": "after_apply"},
		},
		"values that others choose": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: "aws_secretsmanager_secret_version.v", after: `{"secret_id":"app","secret_string":"SENTINEL"}`,
				hidden: `{"secret_string":true}`, config: `{"secret_string":{"references":["random_password.p.result","random_password.p"]}}`}},
			secretType + ".s", map[string]string{"value_in_code": "false"},
		},
		"a write-only value": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: "aws_secretsmanager_secret_version.v", after: `{"secret_id":"app","secret_string_wo":null}`,
				config: `{"secret_string_wo":{"constant_value":"SENTINEL"}}`}},
			secretType + ".s", map[string]string{"value_in_code": "true"},
		},
		"a write-only value from elsewhere": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: "aws_secretsmanager_secret_version.v", after: `{"secret_id":"app","secret_string_wo":null}`,
				config: `{"secret_string_wo":{"references":["ephemeral.random_password.p.result","ephemeral.random_password.p"]}}`}},
			secretType + ".s", map[string]string{"value_in_code": "false"},
		},
		"an unnamed asymmetric key": {
			[]change{{address: "aws_kms_key.k", after: `{"customer_master_key_spec":"RSA_2048","key_usage":"SIGN_VERIFY","is_enabled":false}`, unknown: laterID}},
			"aws_kms_key.k", map[string]string{"rotation_enabled": "none", "rotation_supported": "false", "state": `"Disabled"`, "policy_public": "false", "deletion_at": "none"},
		},
		"a key in a store of its own": {
			[]change{{address: "aws_kms_key.k", after: `{"custom_key_store_id":"cks-1"}`}}, "aws_kms_key.k",
			map[string]string{"origin": `"AWS_CLOUDHSM"`, "rotation_enabled": "none"},
		},
		"a key without its material": {
			[]change{{address: "aws_kms_external_key.k", after: `{"valid_to":"2027-01-01T00:00:00Z"}`}}, "aws_kms_external_key.k",
			map[string]string{"origin": `"EXTERNAL"`, "state": `"PendingImport"`, "material_expires_at": `"2027-01-01T00:00:00Z"`, "rotation_enabled": "none"},
		},
		"a key with its material, as the provider finds it": {
			[]change{{address: "aws_kms_external_key.k", actions: "no-op", before: `{"enabled":true,"key_state":"PendingDeletion"}`, after: `{"enabled":true,"key_state":"PendingDeletion"}`}}, "aws_kms_external_key.k",
			map[string]string{"state": `"PendingDeletion"`, "deletion_at": "not_in_source", "material_expires_at": "none"},
		},
		"a key out of reach": {
			[]change{{address: "aws_kms_key.k", actions: "no-op", before: `{"is_enabled":false,"custom_key_store_id":"cks-1"}`, after: `{"is_enabled":false,"custom_key_store_id":"cks-1"}`}}, "aws_kms_key.k",
			map[string]string{"state": "not_in_source"},
		},
		"a replica of a key": {
			[]change{{address: "aws_kms_key.k", after: `{"multi_region":true,"enable_key_rotation":true,"rotation_period_in_days":90}`, unknown: laterID},
				{address: "aws_kms_replica_key.r", unknown: `{"primary_key_arn":true}`, config: `{"primary_key_arn":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}`}},
			"aws_kms_replica_key.r", map[string]string{"replica": "true", "→primary": "aws_kms_key.k", "multi_region": "true", "rotation_enabled": "true", "rotation_period_days": "90", "spec": `"SYMMETRIC_DEFAULT"`},
		},
		"a policy beside a key": {
			[]change{key, {address: "aws_kms_key_policy.p", unknown: `{"key_id":true}`, config: `{"key_id":{"references":["aws_kms_key.k.id","aws_kms_key.k"]}}`,
				after: `{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}"}`}},
			"aws_kms_key.k", map[string]string{"policy_public": "true"},
		},
		"a public bucket": {
			[]change{{address: "aws_s3_bucket.b", after: `{"bucket":"b"}`}, {address: "aws_s3_bucket_acl.b", after: `{"bucket":"b","acl":"public-read"}`}, {address: "aws_cloudtrail.t", after: `{"s3_bucket_name":"b"}`}},
			"aws_cloudtrail.t", map[string]string{"bucket_acl_public": `["READ to AllUsers"]`, "bucket_public": "true", "bucket_encryption": `"AES256"`, "bucket_logging": "none"},
		},
		"a new bucket whose policy is not known yet": {
			[]change{{address: "aws_s3_bucket.b", after: `{"bucket":"b"}`}, {address: "aws_s3_bucket_policy.p", after: `{"bucket":"b"}`, unknown: `{"policy":true}`, config: `{"policy":{"references":["aws_s3_bucket.b.arn","aws_s3_bucket.b"]}}`}, {address: "aws_cloudtrail.t", after: `{"s3_bucket_name":"b"}`}},
			"aws_cloudtrail.t", map[string]string{"bucket_policy_public": "after_apply", "bucket_acl_public": "[]", "bucket_block_public_access": "after_apply", "bucket_public": "after_apply"},
		},
		"a new bucket whose encryption is not known yet": {
			[]change{{address: "aws_s3_bucket.b", after: `{"bucket":"b"}`}, {address: "aws_s3_bucket_server_side_encryption_configuration.e", after: `{"bucket":"b"}`, unknown: `{"rule":true}`}, {address: "aws_cloudtrail.t", after: `{"s3_bucket_name":"b"}`}},
			"aws_cloudtrail.t", map[string]string{"bucket_encryption": "after_apply"},
		},
		"a new bucket whose ACL is not known yet": {
			[]change{{address: "aws_s3_bucket.b", after: `{"bucket":"b"}`}, {address: "aws_s3_bucket_acl.b", after: `{"bucket":"b"}`, unknown: `{"access_control_policy":true}`}, {address: "aws_cloudtrail.t", after: `{"s3_bucket_name":"b"}`}},
			"aws_cloudtrail.t", map[string]string{"bucket_acl_public": "after_apply", "bucket_public": "after_apply"},
		},
		"a new bucket with an ACL by its name": {
			[]change{{address: "aws_s3_bucket.b", after: `{"bucket":"b"}`}, {address: "aws_s3_bucket_acl.b", after: `{"bucket":"b","acl":"private"}`, unknown: `{"access_control_policy":true}`}, {address: "aws_cloudtrail.t", after: `{"s3_bucket_name":"b"}`}},
			"aws_cloudtrail.t", map[string]string{"bucket_acl_public": "[]", "bucket_public": "false"},
		},
		"a bucket that is not there": {
			[]change{{address: "aws_cloudtrail.t", after: `{"s3_bucket_name":"b"}`}},
			"aws_cloudtrail.t", map[string]string{"bucket": `"b"`, "bucket_exists": "not_in_source", "bucket_public": "not_in_source", "kms_key": "none", "kms_encrypted": "false", "multi_region": "false", "logging": "true"},
		},
		"selectors with a part that is not known": {
			[]change{{address: "aws_cloudtrail.t", after: `{"event_selector":[{"read_write_type":null}]}`, unknown: `{"event_selector":[{"read_write_type":true}]}`}},
			"aws_cloudtrail.t", map[string]string{"selector_kind": "after_apply", "management_read": "after_apply"},
		},
		"selectors of a dynamic block whose list is not known": { // the configuration in a plan leaves dynamic blocks out
			[]change{{address: "aws_cloudtrail.t", unknown: `{"event_selector":true}`}},
			"aws_cloudtrail.t", map[string]string{"selector_kind": "after_apply", "management_read": "after_apply", "kms_events_excluded": "after_apply"},
		},
		"advanced selectors": {
			[]change{{address: "aws_cloudtrail.t", after: `{"advanced_event_selector":[{"field_selector":[{"field":"eventCategory","equals":["Management"]},{"field":"eventSource","not_equals":["kms.amazonaws.com"]}]}]}`}},
			"aws_cloudtrail.t", map[string]string{"selector_kind": `"advanced"`, "management_read": "true", "kms_events_excluded": "true"},
		},
		"a member of a cluster": {
			[]change{{address: "aws_rds_cluster.c", after: `{"engine":"aurora-mysql","manage_master_user_password":true}`}, {address: "aws_rds_cluster_instance.i", after: `{"engine":"aurora-mysql"}`, unknown: `{"cluster_identifier":true}`, config: `{"cluster_identifier":{"references":["aws_rds_cluster.c.id","aws_rds_cluster.c"]}}`}},
			"aws_rds_cluster_instance.i", map[string]string{"managed_password": "none", "type": `"instance"`, "cluster": "after_apply", "member": "true"},
		},
		"a cluster that joins a global database": {
			[]change{{address: "aws_rds_cluster.c", after: `{"engine":"aurora-mysql","global_cluster_identifier":"world"}`}},
			"aws_rds_cluster.c", map[string]string{"managed_password": "not_in_source", "replica_of": "not_in_source", "global_cluster": `"world"`},
		},
		"a cluster of a global database with a managed password": {
			[]change{{address: "aws_rds_cluster.c", after: `{"engine":"aurora-mysql","global_cluster_identifier":"world","manage_master_user_password":true}`}},
			"aws_rds_cluster.c", map[string]string{"managed_password": "true", "replica_of": "none"},
		},
		"a cluster that a global database is made from": {
			[]change{{address: "aws_rds_cluster.c", after: `{"engine":"aurora-mysql","global_cluster_identifier":"world","master_password":"hunter2hunter2"}`}},
			"aws_rds_cluster.c", map[string]string{"managed_password": "false", "replica_of": "none"},
		},
		"a cluster of a global database with a password that terraform does not keep": {
			[]change{{address: "aws_rds_cluster.c", after: `{"engine":"aurora-mysql","global_cluster_identifier":"world"}`, config: `{"master_password_wo":{"references":["var.p"]}}`}},
			"aws_rds_cluster.c", map[string]string{"managed_password": "false", "replica_of": "none"},
		},
		"a variable that is not known": {
			[]change{{address: "aws_lambda_function.f", after: `{"environment":[{"variables":{"A":"b"}}]}`, unknown: `{"environment":[{"variables":{"B":true}}]}`}},
			"aws_lambda_function.f", map[string]string{"env_credentials": "after_apply", "rotation_function": "false", "timeout_seconds": "3", "runtime": "none"},
		},
		"a function that may be invoked for one secret": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: rotationType + ".r", after: `{"secret_id":"app"}`, unknown: `{"rotation_lambda_arn":true}`,
				config: `{"rotation_lambda_arn":{"references":["aws_lambda_function.f.arn","aws_lambda_function.f"]}}`},
				{address: "aws_lambda_function.f", after: `{"function_name":"f"}`},
				{address: "aws_lambda_permission.p", after: `{"function_name":"f","action":"lambda:InvokeFunction","principal":"secretsmanager.amazonaws.com","source_arn":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-??????"}`}},
			"aws_lambda_function.f", map[string]string{"rotation_function": "true", "secretsmanager_source_arns": `["arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-??????"]`, "state": "not_in_source"},
		},
		"a function that may be invoked from an account, of whoever it is": {
			[]change{{address: secretType + ".s", after: `{"name":"app"}`}, {address: rotationType + ".r", after: `{"secret_id":"app"}`, unknown: `{"rotation_lambda_arn":true}`,
				config: `{"rotation_lambda_arn":{"references":["aws_lambda_function.f.arn","aws_lambda_function.f"]}}`},
				{address: "aws_lambda_function.f", after: `{"function_name":"f"}`},
				{address: "aws_lambda_permission.p", after: `{"function_name":"f","action":"lambda:InvokeFunction","principal":"secretsmanager.amazonaws.com","source_account":"111122223333"}`}},
			"aws_lambda_function.f", map[string]string{"secretsmanager_source_arns": "not_in_source"},
		},
		"a policy of an identity": {
			[]change{{address: "aws_iam_policy.p", after: `{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}","name":"p"}`}},
			"aws_iam_policy.p", map[string]string{"admin_grants": "[]", "path": `"/"`, "attachment_count": "0", "boundary_count": "0"},
		},
		"a role with a policy of AWS's own": {
			[]change{{address: "aws_iam_role.r", after: `{"name":"r"}`}, {address: "aws_iam_role_policy_attachment.a", after: `{"role":"r","policy_arn":"arn:aws:iam::aws:policy/AdministratorAccess"}`}},
			"aws_iam_role.r", map[string]string{"aws_managed_policies": `["AdministratorAccess"]`, "attached_policies": "[]", "permissions_boundary": "none"},
		},
		"a parameter of the standard tier, which cannot be shared": {
			[]change{{address: "aws_ssm_parameter.p", after: `{"type":"String","name":"p","tier":"Standard"}`, config: `{"tier":{"constant_value":"Standard"}}`}},
			"aws_ssm_parameter.p", map[string]string{"policy_present": "false", "policy_public": "false", "outside_accounts": "[]", "policy_statements": "[]"},
		},
		"a parameter of the advanced tier": {
			[]change{{address: "aws_ssm_parameter.p", after: `{"type":"String","name":"p","tier":"Advanced"}`, config: `{"tier":{"constant_value":"Advanced"}}`}},
			"aws_ssm_parameter.p", map[string]string{"policy_present": "not_in_source", "policy_public": "not_in_source", "outside_accounts": "not_in_source", "policy_statements": "not_in_source"},
		},
		"a parameter of the region's default tier": {
			[]change{{address: "aws_ssm_parameter.p", after: `{"type":"String","name":"p"}`, unknown: `{"tier":true}`}},
			"aws_ssm_parameter.p", map[string]string{"policy_present": "not_in_source", "outside_accounts": "not_in_source"},
		},
		"a parameter whose tier is not known": {
			[]change{{address: "aws_ssm_parameter.p", after: `{"type":"String","name":"p"}`, unknown: `{"tier":true}`, config: `{"tier":{"references":["local.tier"]}}`}},
			"aws_ssm_parameter.p", map[string]string{"policy_present": "after_apply", "outside_accounts": "after_apply"},
		},
		"a parameter whose value is not known": {
			[]change{{address: "aws_ssm_parameter.p", after: `{"type":"String","name":"p"}`, unknown: `{"value":true}`, config: `{"value":{"references":["local.v"]}}`}},
			"aws_ssm_parameter.p", map[string]string{"credentials": "after_apply", "kms_key": "none", "policies": "[]"},
		},
	}
}

func TestAttributes(t *testing.T) {
	for name, c := range attributeCases() {
		t.Run(name, func(t *testing.T) {
			r := after(t, written(c.plan...))
			for what, want := range c.want {
				if role, ok := strings.CutPrefix(what, "→"); ok {
					assert.Equal(t, want, r.ref(c.address, role), what)
				} else {
					assert.Equal(t, want, r.attribute(t, c.address, what), what)
				}
			}
		})
	}
}

// TestInstances: which instance a reference with count.index or each.key means.
func TestInstances(t *testing.T) {
	secrets := func(keys ...string) (list []change) {
		for _, k := range keys {
			list = append(list, change{address: secretType + ".s[" + k + "]", unknown: laterID})
		}
		return list
	}
	rotations := func(refs string, keys ...string) (list []change) {
		for _, k := range keys {
			list = append(list, change{address: rotationType + ".r[" + k + "]", unknown: `{"secret_id":true}`, config: `{"secret_id":{"references":[` + refs + `]}}`})
		}
		return list
	}
	for name, c := range map[string]struct {
		plan []change
		want string // rotation of each secret, by key
	}{
		"as many of both":     {append(secrets("0", "1"), rotations(`"aws_secretsmanager_secret.s","count.index"`, "0", "1")...), "true true"},
		"index modulo":        {append(secrets("0", "1"), rotations(`"aws_secretsmanager_secret.s","count.index"`, "0", "1", "2")...), "after_apply after_apply"},
		"one of them":         {append(secrets("0", "1"), rotations(`"aws_secretsmanager_secret.s[1].id","aws_secretsmanager_secret.s[1]","aws_secretsmanager_secret.s"`, "0")...), "false true"},
		"whichever":           {append(secrets("0", "1"), rotations(`"aws_secretsmanager_secret.s"`, "0")...), "after_apply after_apply"},
		"by name":             {append(secrets(`"a"`, `"b.c"`), rotations(`"aws_secretsmanager_secret.s","each.key"`, `"a"`, `"b.c"`)...), "true true"},
		"none of a type read": {append(secrets("0"), rotations(`"other_thing.x.id","other_thing.x"`, "0")...), "after_apply"},
	} {
		r := after(t, written(c.plan...))
		var got []string
		for _, a := range r.addresses() {
			got = append(got, r.attribute(t, a, "rotation_enabled"))
		}
		assert.Equal(t, c.want, strings.Join(got, " "), name)
	}
}

func TestActions(t *testing.T) {
	p, err := Read(t.Context(), strings.NewReader(written(
		change{address: "aws_kms_key.replaced", actions: "delete create", before: `{"enable_key_rotation":true,"arn":"arn:aws:kms:eu-west-1:111122223333:key/a"}`, unknown: laterID},
		change{address: "aws_kms_key.gone", actions: "delete", before: `{"enable_key_rotation":true}`, after: "null"},
		change{address: "aws_kms_key.forgotten", actions: "forget", before: `{"enable_key_rotation":true}`, after: "null"},
		change{address: "aws_kms_key.same", actions: "no-op", before: `{"enable_key_rotation":true}`, after: `{"enable_key_rotation":true}`},
	)), options())
	require.NoError(t, err)
	assert.Equal(t, []string{"aws_kms_key.forgotten", "aws_kms_key.gone", "aws_kms_key.replaced", "aws_kms_key.same"}, of(t, p.Before).addresses())
	now := of(t, p.After)
	assert.Equal(t, []string{"aws_kms_key.forgotten", "aws_kms_key.replaced", "aws_kms_key.same"}, now.addresses())
	assert.Equal(t, "false", now.attribute(t, "aws_kms_key.replaced", "rotation_enabled"))
	assert.Equal(t, `"Enabled"`, now.attribute(t, "aws_kms_key.replaced", "state"), "the new one")
	assert.Equal(t, "111122223333", now["aws_kms_key.replaced"].ID.Account, "of what exists with the same provider")
}

// TestCodeBefore: of a value that the change sets, nobody knows what was written in
// the code before; one that stays stands there still.
func TestCodeBefore(t *testing.T) {
	for before, want := range map[string]string{"old": "not_in_source", "new": "true"} {
		p, err := Read(t.Context(), strings.NewReader(written(
			change{address: secretType + ".s", actions: "no-op", before: `{"name":"s"}`, after: `{"name":"s"}`},
			change{address: "aws_secretsmanager_secret_version.v", actions: "update", before: `{"secret_id":"s","secret_string":"` + before + `"}`,
				after: `{"secret_id":"s","secret_string":"new"}`, config: `{"secret_string":{"constant_value":"new"}}`},
		)), options())
		require.NoError(t, err)
		assert.Equal(t, want, of(t, p.Before).attribute(t, secretType+".s", "value_in_code"))
		assert.Equal(t, "true", of(t, p.After).attribute(t, secretType+".s", "value_in_code"))
	}
}

// TestBesideThatGoes: a rotation and a policy that are deleted are gone, although
// the provider still shows them of the secret.
func TestBesideThatGoes(t *testing.T) {
	const shown = `{"id":"x","arn":"x","rotation_lambda_arn":"arn:aws:lambda:eu-west-1:111122223333:function:f","policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}}"}`
	same := change{address: secretType + ".s", actions: "no-op", before: shown, after: shown}
	for actions, want := range map[string]string{"delete": "false false", "no-op": "true true"} {
		rotation := change{address: rotationType + ".r", actions: actions, before: `{"secret_id":"x"}`, after: `{"secret_id":"x"}`}
		policy := change{address: secretType + "_policy.p", actions: actions, before: `{"secret_arn":"x","policy":"{}"}`,
			after: `{"secret_arn":"x","policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}}"}`}
		if actions == "delete" {
			rotation.after, policy.after = "null", "null"
		}
		r := after(t, written(same, rotation, policy))
		assert.Equal(t, want, r.attribute(t, secretType+".s", "rotation_enabled")+" "+r.attribute(t, secretType+".s", "policy_public"))
	}
}

// TestDataKeys: keys that are looked up and not managed.
func TestDataKeys(t *testing.T) {
	const arn, own = "arn:aws:kms:eu-west-1:111122223333:key/a", "arn:aws:kms:eu-west-1:111122223333:key/b"
	r := after(t, written(
		change{address: "data.aws_kms_key.theirs", actions: "read", after: `{"arn":"` + arn + `","id":"a","key_id":"alias/aws/secretsmanager","key_manager":"AWS","key_state":"Enabled"}`},
		change{address: "data.aws_kms_alias.ours", actions: "read", after: `{"name":"alias/ours","target_key_arn":"` + own + `"}`},
		change{address: "data.aws_kms_key.ours", actions: "read", after: `{"arn":"` + own + `","id":"b","key_id":"alias/ours","key_manager":"CUSTOMER","key_state":"Disabled"}`},
		change{address: secretType + ".theirs", after: `{"kms_key_id":"` + arn + `"}`},
		change{address: secretType + ".ours", after: `{"kms_key_id":"` + own + `"}`},
	))
	assert.Equal(t, "true", r.attribute(t, secretType+".theirs", "default_key"))
	assert.Equal(t, "false", r.attribute(t, secretType+".ours", "default_key"))
	assert.Equal(t, "data.aws_kms_key.ours", r.ref(secretType+".ours", "key"))
	assert.Equal(t, `"Disabled"`, r.attribute(t, "data.aws_kms_key.ours", "state"))
	assert.Equal(t, `"AWS"`, r.attribute(t, "data.aws_kms_key.theirs", "manager"))
}

// TestDeferred: what terraform could not plan yet is a gap, and what an earlier
// apply left behind is said.
func TestDeferred(t *testing.T) {
	p, err := Read(t.Context(), strings.NewReader(`{"format_version":"1.2","planned_values":{},
		"resource_changes":[{"address":"aws_kms_key.k","mode":"managed","type":"aws_kms_key","deposed":"x","change":{"actions":["delete"],"before":{}}}],
		"deferred_changes":[{"reason":"instance_count_unknown","resource_change":{"address":"aws_kms_key.k","type":"aws_kms_key"}},
			{"reason":"x","resource_change":{"address":"x.y","type":"x"}}]}`), options())
	require.NoError(t, err)
	require.Len(t, p.After.Scopes, 1)
	assert.Equal(t, model.KindKey, p.After.Scopes[0].Kind)
	assert.Equal(t, model.ReasonAfterApply, p.After.Scopes[0].Gap.Reason)
	assert.Contains(t, strings.Join(p.Notes, " "), "deposed")
	assert.Empty(t, of(t, p.Before))
}

// TestPlannedOnly: other tools write plans without the list of changes, in which
// what is not there is not known.
func TestPlannedOnly(t *testing.T) {
	r := after(t, `{"format_version":"0.1","planned_values":{"root_module":{"resources":[
		{"address":"aws_kms_key.k","mode":"managed","type":"aws_kms_key","values":{"enable_key_rotation":true,"customer_master_key_spec":"SYMMETRIC_DEFAULT","custom_key_store_id":null,"xks_key_id":null}}]}}}`)
	assert.Equal(t, "true", r.attribute(t, "aws_kms_key.k", "rotation_enabled"))
	assert.Equal(t, "after_apply", r.attribute(t, "aws_kms_key.k", "usage"))
}

func TestTrusted(t *testing.T) {
	o := options()
	o.Trusted = []string{"999988887777"}
	plan := written(
		change{address: "data.aws_caller_identity.me", actions: "read", after: `{"account_id":"111122223333"}`},
		change{address: secretType + ".s", after: `{"policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"111122223333\",\"999988887777\"]},\"Action\":\"*\",\"Resource\":\"*\"}}"}`, config: `{"policy":{}}`},
	)
	for trusted, want := range map[string]string{"999988887777": "[]", "": "not_in_source"} {
		o.Trusted = []string{trusted}
		p, err := Read(t.Context(), strings.NewReader(plan), o)
		require.NoError(t, err)
		assert.Equal(t, want, of(t, p.After).attribute(t, secretType+".s", "outside_accounts"))
	}
}
