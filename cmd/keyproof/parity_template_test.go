package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/collectors/terraform"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

// fixtureAccount is the account of moto, where the plan of the fixture was made.
const fixtureAccount = "123456789012"

// TestPlanAndTemplate: the service as a plan and as a template has the same
// attributes and the same verdicts, unknown ones aside.
func TestPlanAndTemplate(t *testing.T) {
	plan := readPlan(t, filepath.Join(terraformFixture, "plan.json"), scriptNow)
	template := readTemplate(t, filepath.Join("..", "..", "fixtures", "cloudformation", "template.yaml"))
	p := parity{left: plan, right: template, pair: byName(t, template), alone: map[string]string{
		"key alias/acme-recovery":     "a template goes to one region; this key is in another",
		"parameter /checkout/pepper":  "CloudFormation makes no SecureString (AWS::SSM::Parameter, Type)",
		"parameter /checkout/license": "CloudFormation makes no SecureString",
	}, unknowns: map[string]string{
		"RDS-003":                 "of a database that a plan makes, no replica can exist yet; a template does not say whether it exists",
		"SM-018":                  "the key of the replica comes from another region, after apply; in the template it is a parameter with a default",
		"SM-031 checkout/webhook": "the template refers to the alias by its name, which is of its own account; the plan by its ARN, which comes with the apply",
	}}
	n := p.compare(t)
	assert.Greater(t, n.resources, 20)
	assert.Greater(t, n.attributes, 350)
	assert.Greater(t, n.verdicts, 200)
	// The other way round: a template says nothing that the plan does not.
	back := parity{left: template, right: plan, pair: byName(t, plan)}
	assert.Equal(t, n, back.compare(t))
}

// TestNoValueOfCodeIsKept: of the values that are planted in the service as code,
// no resource has any.
func TestNoValueOfCodeIsKept(t *testing.T) {
	for name, snap := range map[string]*model.Snapshot{
		"plan":     readPlan(t, filepath.Join(terraformFixture, "plan.json"), scriptNow),
		"template": readTemplate(t, filepath.Join("..", "..", "fixtures", "cloudformation", "template.yaml")),
	} {
		n := 0
		for r, err := range snap.Resources {
			require.NoError(t, err)
			raw, err := json.Marshal(r)
			require.NoError(t, err)
			assert.NotContains(t, string(raw), "SENTINEL", "%s: %s", name, r.ID)
			n++
		}
		assert.Greater(t, n, 20, name)
	}
}

func readPlan(t *testing.T, path string, now time.Time) *model.Snapshot {
	t.Helper()
	detector, err := detect.New()
	require.NoError(t, err)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	p, err := terraform.Read(t.Context(), bytes.NewReader(raw), terraform.Options{Name: "plan.json", TakenAt: now, Detector: detector})
	require.NoError(t, err)
	return p.After
}

func readTemplate(t *testing.T, path string) *model.Snapshot {
	t.Helper()
	detector, err := detect.New()
	require.NoError(t, err)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	p, err := cloudformation.Read(t.Context(), raw, cloudformation.Options{
		Name: "template.yaml", TakenAt: scriptNow, Detector: detector, Region: "us-east-1", Account: fixtureAccount,
	})
	require.NoError(t, err)
	return p.After
}
