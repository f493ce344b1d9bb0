package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// TestEveryRuleFailsAndPasses: the example account holds something that fails and
// something that passes each rule, so that none of them is asleep on what a scan
// really collects.
func TestEveryRuleFailsAndPasses(t *testing.T) {
	// Advice says that something is cheaper elsewhere, or does not apply: what
	// costs no more than it must is not applicable, with the reason.
	neverPasses := map[model.RuleID]bool{"SM-032": true, "SSM-005": true}
	path := filepath.Join(t.TempDir(), "r.json")
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{
		"demo", "--quiet", "--output", "json=" + path,
		"--param", "SM-019.allowed_regions=us-east-1,eu-west-1", // by default all regions are allowed
	}, system{getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "test"})
	require.Equal(t, 3, code, errs.String())
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var report struct {
		Summary struct {
			ByRule map[model.RuleID]model.Counts `json:"by_rule"`
		}
	}
	require.NoError(t, json.Unmarshal(raw, &report))
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	// What is written in code is known of code alone: those rules are held to files.
	inCode := func(read string) bool { return strings.HasSuffix(read, "_in_code") }
	for _, r := range judge.Rules() {
		if slices.ContainsFunc(r.Reads, inCode) || r.Kind == model.KindEvent { // events have a trail of their own in package evaluator
			continue
		}
		c := report.Summary.ByRule[r.ID]
		assert.Positive(t, c.Fail, "nothing in fixtures/acme/account.yaml fails %s %s", r.ID, r.Title)
		if neverPasses[r.ID] {
			assert.Zero(t, c.Pass, "%s %s passes now: take it off the list", r.ID, r.Title)
			continue
		}
		assert.Positive(t, c.Pass, "nothing in fixtures/acme/account.yaml passes %s %s", r.ID, r.Title)
	}
}
