package main

import (
	"encoding/json"
	"testing"

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
	world, server := startWorld(t)
	s := scanAcme(t, t.Context(), server, world)
	require.Equal(t, 3, s.code, s.stderr)
	var report struct {
		Summary struct {
			ByRule map[model.RuleID]model.Counts `json:"by_rule"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(s.json), &report))
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	for _, r := range judge.Rules() {
		c := report.Summary.ByRule[r.ID]
		assert.Positive(t, c.Fail, "nothing in fixtures/acme/account.yaml fails %s %s", r.ID, r.Title)
		assert.Positive(t, c.Pass, "nothing in fixtures/acme/account.yaml passes %s %s", r.ID, r.Title)
	}
}
