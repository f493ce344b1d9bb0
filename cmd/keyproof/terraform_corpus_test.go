package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/terraform"
	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// plansOracle is what the authors of a plan say of it.
type plansOracle struct {
	Peer, Check, Name, Plan, Verdict string
	ExpectFail                       []string `json:"expect_fail"`
	NotInPlan                        []string `json:"not_in_plan"`
}

// TestTerraformCorpus reads every plan of the collection: none may crash the
// reader, and one that is refused is refused with a sentence that helps.
func TestTerraformCorpus(t *testing.T) {
	read, refused := 0, map[string]int{}
	for _, top := range []string{"plans", "plans_real"} {
		root := needs.Shared(t, filepath.Join("..", ".."), "corpora", top)
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) == ".txt" {
				return err
			}
			file, err := os.Open(path)
			require.NoError(t, err)
			defer file.Close()
			p, err := terraform.Read(t.Context(), file, terraform.Options{Name: filepath.Base(path), TakenAt: scriptNow})
			if err != nil {
				assert.Contains(t, err.Error(), "terraform show -json", path)
				refused[filepath.Base(path)]++
				return nil
			}
			read++
			for r, err := range p.After.Resources {
				require.NoError(t, err)
				assert.NotEmpty(t, r.ID.ID, path)
				assert.NotEmpty(t, r.Origin.Address, path)
			}
			return nil
		}))
	}
	assert.Greater(t, read, 300)
	// Notes of how a plan was made, and the verdicts: no plans.
	for name := range refused {
		assert.Contains(t, []string{"plan_meta.json", "oracle.json"}, name)
	}
}

// judgePlan is the results of the real rules on a plan, by rule.
func judgePlan(t *testing.T, judge *evaluator.Judge, detector *detect.Detector, path string) map[model.RuleID][]model.Result {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	p, err := terraform.Read(t.Context(), file, terraform.Options{Name: filepath.Base(path), TakenAt: scriptNow, Detector: detector})
	require.NoError(t, err, path)
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer spool.Close()
	report, err := judge.Evaluate(t.Context(), p.After, spool)
	require.NoError(t, err, path)
	found := map[model.RuleID][]model.Result{}
	for r, err := range report.Results {
		require.NoError(t, err)
		found[r.Rule] = append(found[r.Rule], *r)
	}
	return found
}

// verdictOf is the worst of the results of some rules.
func verdictOf(found map[model.RuleID][]model.Result, ids []model.RuleID) (model.Status, string) {
	worst, why := model.StatusPass, ""
	for _, id := range ids {
		for _, r := range found[id] {
			switch {
			case r.Status == model.StatusFail:
				return r.Status, r.Resource.ID
			case r.Status == model.StatusUnknown:
				worst, why = r.Status, r.Resource.ID
				for path, u := range r.Unknown {
					why += " " + path + ": " + u.String()
				}
			}
		}
	}
	return worst, why
}

// TestTerraformVerdicts: where other tools check what one of our rules judges,
// the rules say of their samples what the authors say, or a difference has its
// reason in the table.
func TestTerraformVerdicts(t *testing.T) {
	raw, err := os.ReadFile(needs.Shared(t, filepath.Join("..", ".."), "corpora", "plans_real", "oracle.json"))
	require.NoError(t, err)
	var oracle []plansOracle
	require.NoError(t, json.Unmarshal(raw, &oracle))
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	detector, err := detect.New()
	require.NoError(t, err)
	checks := terraformChecks()
	agreed, used := 0, map[string]bool{}
	for _, o := range oracle {
		c, ok := checks[o.Peer+" "+strings.ReplaceAll(o.Name, "-", "_")]
		if !assert.True(t, ok, "%s %s: map it to rules, or say why it concerns none of ours", o.Peer, o.Name) {
			continue
		}
		used[o.Peer+" "+strings.ReplaceAll(o.Name, "-", "_")] = true
		if len(c.rules) == 0 {
			assert.NotEmpty(t, c.why, o.Name)
			continue
		}
		path := needs.Shared(t, filepath.Join("..", ".."), "corpora", filepath.FromSlash(o.Plan))
		if o.Verdict == "FAIL" && len(o.ExpectFail) == 0 && len(o.NotInPlan) > 0 {
			continue // what should fail could not be planned, and is not there
		}
		got, at := verdictOf(judgePlan(t, judge, detector, path), c.rules)
		want := map[string]model.Status{"PASS": model.StatusPass, "FAIL": model.StatusFail}[o.Verdict]
		if c.differs != nil && c.differs(o, got) {
			assert.NotEmpty(t, c.why)
			continue
		}
		assert.Equal(t, want, got, "%s %s: %s (%s)", o.Peer, o.Name, o.Plan, at)
		agreed++
	}
	assert.Greater(t, agreed, 30)
	for name := range checks {
		assert.True(t, used[name], "%s is in no oracle", name)
	}
}
