package terraform

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/model"
)

// TestNew reads testdata/new, a plan that makes everything, which terraform made
// with version 5 of the provider.
func TestNew(t *testing.T) {
	p := fixture(t, "new", "plan.json")
	assert.Empty(t, of(t, p.Before))
	assert.Equal(t, model.ReasonNotInSource, p.After.Elsewhere.Reason)
	assert.Equal(t, "plan.json", p.After.Source)
	r := of(t, p.After)
	for _, c := range []struct{ address, attribute, want string }{
		{"aws_secretsmanager_secret.plain", "default_key", "true"},
		{"aws_secretsmanager_secret.plain", "kms_key", "none"},
		{"aws_secretsmanager_secret.plain", "rotation_enabled", "false"},
		{"aws_secretsmanager_secret.plain", "policy_present", "false"},
		{"aws_secretsmanager_secret.plain", "replicas", "[]"},
		{"aws_secretsmanager_secret.plain", "value_in_code", "false"},
		{"aws_secretsmanager_secret.plain", "tags", `{"team":"payments"}`},
		{"aws_secretsmanager_secret.plain", "last_rotated_at", "not_in_source"},
		{"aws_secretsmanager_secret.plain", "replica_states", "not_in_source"},
		{"aws_secretsmanager_secret.one", "default_key", "false"},
		{"aws_secretsmanager_secret.one", "kms_key", "after_apply"},
		{"aws_secretsmanager_secret.one", "rotation_enabled", "true"},
		{"aws_secretsmanager_secret.one", "rotation_interval_days", "10"},
		{"aws_secretsmanager_secret.one", "rotation_window_hours", "3"},
		{"aws_secretsmanager_secret.one", "rotation_days", "none"},
		{"aws_secretsmanager_secret.one", "managed_rotation", "false"},
		{"aws_secretsmanager_secret.one", "policy_public", "true"},
		{"aws_secretsmanager_secret.one", "value_in_code", "true"},
		{`aws_secretsmanager_secret.many["a"]`, "rotation_interval_days", "30"},
		{`aws_secretsmanager_secret.many["a"]`, "default_key", "false"},
		{`aws_secretsmanager_secret.many["a"]`, "policy_public", "false"},
		{`aws_secretsmanager_secret.many["a"]`, "policy_present", "true"},
		{`aws_secretsmanager_secret.many["a"]`, "replicas", "after_apply"},
		{`aws_secretsmanager_secret.many["b"]`, "value_in_code", "true"},
		{"aws_secretsmanager_secret.west", "tags", "{}"},
		{"aws_kms_key.app", "rotation_enabled", "true"},
		{"aws_kms_key.app", "rotation_period_days", "365"},
		{"aws_kms_key.app", "aliases", `["alias/app"]`},
		{"aws_kms_key.app", "state", `"Enabled"`},
		{"aws_kms_key.app", "outside_accounts", "[]"},
		{"aws_kms_key.app", "grant_count", "not_in_source"},
		{"module.keys.aws_kms_key.this[0]", "multi_region", "true"},
		{"module.keys.aws_kms_key.this[0]", "rotation_enabled", "false"},
		{"aws_ssm_parameter.plain", "credentials", `[{"rule":"seen","title":"seen"}]`},
		{"aws_ssm_parameter.plain", "tier", `"Standard"`},
		{"aws_ssm_parameter.secure", "credentials", "none"},
		{"aws_ssm_parameter.secure", "default_key", "false"},
		{"aws_ssm_parameter.default", "kms_key", `"alias/aws/ssm"`},
		{"aws_lambda_function.turn", "env_credentials", `[{"rule":"seen","title":"seen","place":"DB_PASSWORD"}]`},
		{"aws_lambda_function.turn", "rotation_function", "true"},
		{"aws_lambda_function.turn", "secretsmanager_source_arns", `["*"]`},
		{"aws_lambda_function.turn", "vpc", "false"},
		{"aws_cloudtrail.all", "kms_events_excluded", "true"},
		{"aws_cloudtrail.all", "management_read", "true"},
		{"aws_cloudtrail.all", "home_region", `"us-east-1"`},
		{"aws_cloudtrail.all", "bucket", `"acme-logs-1"`},
		{"aws_cloudtrail.all", "bucket_public", "false"},
		{"aws_cloudtrail.all", "kms_key", "after_apply"},
		{"aws_cloudtrail.all", "kms_encrypted", "true"},
		{"aws_cloudtrail.all", "delivery_error", "not_in_source"},
		{"aws_db_instance.managed", "managed_password", "true"},
		{"aws_db_instance.managed", "secret", "after_apply"},
		{"aws_db_instance.managed", "password_in_code", "false"},
		{"aws_db_instance.coded", "managed_password", "false"},
		{"aws_db_instance.coded", "password_in_code", "true"},
		{"aws_iam_role.turn", "inline_policies", `["turn"]`},
		{"aws_iam_role.turn", "admin_grants", "not_in_source"},
	} {
		assert.Equal(t, c.want, r.attribute(t, c.address, c.attribute), "%s of %s", c.attribute, c.address)
	}
	assert.Len(t, body[*model.Principal](t, r, "aws_iam_role.turn").SecretReadGrants.Or(nil), 1)
	for _, c := range []struct{ address, role, want string }{
		{"aws_secretsmanager_secret.one", "key", "aws_kms_key.app"},
		{"aws_secretsmanager_secret.one", "rotation_function", "aws_lambda_function.turn"},
		{"aws_secretsmanager_secret.plain", "key", "none"},
		{"aws_secretsmanager_secret.west", "key", "module.keys.aws_kms_key.this[0]"},              // through an output
		{"module.keys.aws_secretsmanager_secret.inner", "key", "module.keys.aws_kms_key.this[0]"}, // one(…[*])
		{`aws_secretsmanager_secret.many["b"]`, "key", "aws_kms_key.app"},                         // through the alias
		{"aws_ssm_parameter.secure", "key", "aws_kms_key.app"},
		{"aws_cloudtrail.all", "key", "aws_kms_key.app"},
		{"aws_db_instance.managed", "secret", "after_apply"},
	} {
		assert.Equal(t, c.want, r.ref(c.address, c.role), "%s of %s", c.role, c.address)
	}
	assert.Equal(t, model.Origin{File: "main.tf", Line: 40, Address: "aws_secretsmanager_secret.one", Syntax: model.SyntaxHCL}, r["aws_secretsmanager_secret.one"].Origin)
	assert.Equal(t, "keys/main.tf:2", r["module.keys.aws_kms_key.this[0]"].Origin.String())
	assert.Equal(t, "us-east-1", r["aws_kms_key.app"].ID.Region)
	assert.Equal(t, "eu-west-1", r["module.keys.aws_kms_key.this[0]"].ID.Region)
	assert.Equal(t, "123456789012", r["aws_kms_key.app"].ID.Account, "of the caller identity")
	assert.Empty(t, r["module.keys.aws_kms_key.this[0]"].ID.Account, "another provider may be another account")
}

// TestChange reads testdata/change: a plan that updates, moves, makes and deletes
// what an apply of testdata/new made.
func TestChange(t *testing.T) {
	p := fixture(t, "change", "plan.json")
	before, now := of(t, p.Before), of(t, p.After)
	const moved, was = "aws_secretsmanager_secret.renamed", "aws_secretsmanager_secret.plain"
	assert.Equal(t, map[model.ResourceID]model.ResourceID{now[moved].ID: before[was].ID}, p.Moved)
	assert.NotContains(t, now, was)
	assert.NotContains(t, before, moved)
	assert.Equal(t, "true", before.attribute(t, was, "default_key"))
	assert.Equal(t, "false", now.attribute(t, moved, "default_key"))
	assert.Equal(t, "aws_kms_key.app", now.ref(moved, "key"))

	assert.Equal(t, "false", now.attribute(t, moved, "deletion_scheduled"), "else the provider would take it for gone")

	const deleted = `aws_secretsmanager_secret.many["b"]`
	assert.Contains(t, before, deleted)
	assert.NotContains(t, now, deleted)

	assert.NotContains(t, before, "aws_secretsmanager_secret.new")
	assert.Equal(t, "aws_kms_key.app", now.ref("aws_secretsmanager_secret.new", "key"), "by an alias whose ARN is known")

	assert.Equal(t, "true", before.attribute(t, "aws_kms_key.app", "rotation_enabled"))
	assert.Equal(t, "false", now.attribute(t, "aws_kms_key.app", "rotation_enabled"))
	assert.Equal(t, `"Enabled"`, now.attribute(t, "aws_kms_key.app", "state"), "KMS says that it is enabled in no other state")
	assert.Equal(t, "none", now.attribute(t, "aws_kms_key.app", "deletion_at"))
	assert.Contains(t, now["aws_kms_key.app"].Aka, "arn:aws:kms:us-east-1:123456789012:alias/app")
	assert.Equal(t, "123456789012", before[was].ID.Account)

	if assert.Len(t, p.Waivers, 1) {
		w := p.Waivers[0]
		assert.Equal(t, model.Where{Resource: "aws_secretsmanager_secret.new"}, w.Where)
		assert.Equal(t, "main.tf:57", w.Origin.String())
		assert.Equal(t, "2027-01-01", w.Expires.String())
	}
}

func TestState(t *testing.T) {
	p := fixture(t, "change", "state.json")
	assert.Nil(t, p.Before)
	r := of(t, p.After)
	const many = `aws_secretsmanager_secret.many["a"]`
	assert.Equal(t, "true", r.attribute(t, many, "rotation_enabled"))
	assert.Equal(t, "aws_lambda_function.turn", r.ref(many, "rotation_function"))
	assert.Equal(t, `"us-east-1"`, r.attribute(t, many, "primary_region"))
	assert.Equal(t, "not_in_source", r.attribute(t, many, "value_in_code"), "a state has no code")
	assert.Equal(t, "false", r.attribute(t, "aws_secretsmanager_secret.plain", "value_in_code"))
	assert.Equal(t, "main.tf:29", r["aws_kms_key.app"].Origin.String(), "found without a configuration")
}
