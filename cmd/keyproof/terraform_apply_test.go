package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
)

// TestTerraform makes the plan of the fixture with the real terraform, judges it,
// applies it, and compares what the gate said with what the scan finds then. Then
// it changes the code and wants the right word for each difference.
func TestTerraform(t *testing.T) {
	if testing.Short() {
		t.Skip("plans and an apply take a minute")
	}
	t.Parallel()
	w := newTerraformWork(t)
	full := w.plan("plan.json")
	storedPlan(t, full)
	code, _, stderr := runNow(t, nil, "gate", full, "--config", "none", "--output", "json="+filepath.Join(w.dir, "gate.json"))
	require.Equal(t, exitFail, code, stderr)
	for at, r := range gateResults(t, filepath.Join(w.dir, "gate.json")) {
		require.False(t, r.Status == model.StatusFail && r.Delta != model.DeltaIntroduced, "%s: nothing was there before", at)
	}

	w.applyAll()
	live := w.scan()
	t.Run("parity", func(t *testing.T) { planAndLive(t, full, live) })
	t.Run("again", func(t *testing.T) { planAgain(t, w) })
	t.Run("changed", func(t *testing.T) { planChanged(t, w, live) })
}

// applyAll makes everything. The provider waits over a minute for each database
// and does not find it in moto then (by its DbiResourceId), so that databases
// are made without it, as their blocks say.
func (w *terraformWork) applyAll() {
	w.t.Helper()
	require.NoError(w.t, os.Remove(filepath.Join(w.dir, "databases.tf")))
	w.plan("first.json")
	w.apply()
	client := rds.New(rds.Options{Region: "us-east-1", BaseEndpoint: &w.url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	for _, in := range []*rds.CreateDBInstanceInput{
		{DBInstanceIdentifier: aws.String("orders"), Engine: aws.String("postgres"), MasterUsername: aws.String("orders"), ManageMasterUserPassword: aws.Bool(true)},
		{DBInstanceIdentifier: aws.String("reports"), Engine: aws.String("mysql"), MasterUsername: aws.String("reports"), MasterUserPassword: aws.String("SENTINEL-reports1")},
	} {
		in.DBInstanceClass, in.AllocatedStorage = aws.String("db.t4g.micro"), aws.Int32(20)
		_, err := client.CreateDBInstance(w.t.Context(), in)
		require.NoError(w.t, err)
	}
}

// planAndLive compares what the plan said with what is there after apply.
func planAndLive(t *testing.T, plan, saved string) {
	live, err := snapfile.Open(saved)
	require.NoError(t, err)
	const noExpression = "moto keeps no schedule expression, and takes a rotation without days for none"
	p := parity{
		left: readPlan(t, plan, time.Now().UTC()), right: live, pair: byName(t, live),
		attributes: map[string]string{
			"secret.value_in_code":                               "a live account has no code",
			"database.password_in_code":                          "a live account has no code",
			"secret.rotation_window_hours checkout/orders-db":    "moto keeps no duration of the window",
			"secret.rotation_enabled checkout/team/ledger":       noExpression,
			"secret.rotation_schedule checkout/team/ledger":      noExpression,
			"secret.rotation_interval_days checkout/team/ledger": noExpression,
			"secret.rotation_enabled checkout/team/refund":       noExpression,
			"secret.rotation_schedule checkout/team/refund":      noExpression,
			"secret.rotation_interval_days checkout/team/refund": noExpression,
			"iam_policy.secret_read_grants support-read":         "moto leaves out the names of policies",
		},
		verdicts: map[string]string{
			"SM-033":                      "a live account has no code",
			"RDS-004":                     "a live account has no code",
			"SM-001 checkout/team/ledger": noExpression,
			"SM-002 checkout/team/ledger": noExpression,
			"SM-032 checkout/team/ledger": noExpression,
			"SM-001 checkout/team/refund": noExpression,
			"SM-002 checkout/team/refund": noExpression,
			"SM-032 checkout/team/refund": noExpression,
		},
	}
	n := p.compare(t)
	t.Logf("%d resources, %d attributes and %d verdicts that both know", n.resources, n.attributes, n.verdicts)
	assert.Greater(t, n.resources, 25)
	assert.Greater(t, n.attributes, 400)
	assert.Greater(t, n.verdicts, 250)
}

// planAgain: nothing is introduced by a plan on what was just applied.
func planAgain(t *testing.T, w *terraformWork) {
	plan := w.plan("again.json")
	// What moto did not keep, terraform wants to put right; nothing else.
	require.Equal(t, []string{
		"aws_secretsmanager_secret.orders update", "aws_secretsmanager_secret_rotation.orders update",
		`aws_secretsmanager_secret_rotation.team["ledger"] update`, `aws_secretsmanager_secret_rotation.team["refund"] update`,
	}, changesOf(t, plan))
	out := filepath.Join(w.dir, "again-gate.json")
	code, _, stderr := runNow(t, nil, "gate", plan, "--config", "none", "--output", "json="+out)
	require.Equal(t, 0, code, stderr)
	existing := 0
	for at, r := range gateResults(t, out) {
		require.NotEqual(t, model.DeltaIntroduced, r.Delta, at)
		if r.Status == model.StatusFail {
			require.Equal(t, model.DeltaExisting, r.Delta, at)
			existing++
		}
	}
	require.Greater(t, existing, 15)
	code, _, stderr = runNow(t, nil, "gate", plan, "--config", "none", "--fail-on", "any", "--output", "json="+out)
	require.Equal(t, exitFail, code, stderr)
}

// planChanged: one failure is introduced, one is fixed, one resource has a new
// address, and one is deleted.
func planChanged(t *testing.T, w *terraformWork, live string) {
	w.edit("keys.tf", `"Secrets of checkout"\n  enable_key_rotation = true`, "\"Secrets of checkout\"\n  enable_key_rotation = false")
	w.edit("secrets.tf", `Principal = "\*"`, "Principal = { AWS = local.root }")
	w.edit("secrets.tf", `"partner"`, `"partner_api"`)
	w.edit("secrets.tf", `aws_secretsmanager_secret\.partner\.`, "aws_secretsmanager_secret.partner_api.")
	w.edit("secrets.tf", `$`, `
moved {
  from = aws_secretsmanager_secret.partner
  to   = aws_secretsmanager_secret.partner_api
}

moved {
  from = aws_secretsmanager_secret_version.partner
  to   = aws_secretsmanager_secret_version.partner_api
}
`)
	w.edit("parameters.tf", `(?s)# BAD: a credential.*?\n}\n`, "")
	plan := w.plan("changed.json")
	out := filepath.Join(w.dir, "changed-gate.json")

	code, _, stderr := runNow(t, nil, "gate", plan, "--config", "none", "--output", "json="+out)
	require.Equal(t, exitFail, code, stderr)
	own := deltas(gateResults(t, out))
	assert.Equal(t, []string{"KMS-001 aws_kms_key.data"}, own[model.DeltaIntroduced])
	assert.Equal(t, []string{
		"SM-009 aws_secretsmanager_secret.webhook",
		"SM-018 aws_secretsmanager_secret.orders", // the key of the replica, which moto did not keep
		"SSM-001 aws_ssm_parameter.smtp",
	}, own[model.DeltaFixed])
	assert.Contains(t, own[model.DeltaExisting], "SM-001 aws_secretsmanager_secret.partner_api")

	code, text, stderr := runNow(t, nil, "gate", plan, "--config", "none", "--against", live, "--output", "text", "--output", "json="+out)
	require.Equal(t, exitFail, code, stderr)
	against := deltas(gateResults(t, out))
	assert.Equal(t, []string{"KMS-001 aws_kms_key.data"}, against[model.DeltaIntroduced], "what only code shows was in the code before, too")
	assert.Contains(t, against[model.DeltaFixed], "SM-009 aws_secretsmanager_secret.webhook")
	assert.Contains(t, against[model.DeltaFixed], "SSM-001 arn:aws:ssm:us-east-1:"+fixtureAccount+":parameter/checkout/smtp/password", "deleted")
	assert.Contains(t, against[model.DeltaExisting], "SM-001 aws_secretsmanager_secret.partner_api")
	assert.Regexp(t, `this change fixes [1-9][0-9]* of the [1-9][0-9]* open failures`, strings.Join(strings.Fields(text), " "))
}
