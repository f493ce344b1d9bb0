package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// changesOf lists what a plan does, but for what it leaves as it is.
func changesOf(t *testing.T, plan string) []string {
	t.Helper()
	raw, err := os.ReadFile(plan)
	require.NoError(t, err)
	var p struct {
		Changes []struct {
			Address string
			Change  struct{ Actions []string }
		} `json:"resource_changes"`
	}
	require.NoError(t, json.Unmarshal(raw, &p))
	var list []string
	for _, c := range p.Changes {
		if does := strings.Join(c.Change.Actions, "+"); does != "no-op" && does != "read" {
			list = append(list, c.Address+" "+does)
		}
	}
	slices.Sort(list)
	return list
}

// gateResult is what the tests need of a result.
type gateResult struct {
	Rule     model.RuleID
	Status   model.Status
	Delta    model.Delta
	Resource model.ResourceID
}

// gateResults are the results of a JSON report, by rule and address.
func gateResults(t *testing.T, path string) map[string]gateResult {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var report struct{ Results []gateResult }
	require.NoError(t, json.Unmarshal(raw, &report))
	require.NotEmpty(t, report.Results)
	all := map[string]gateResult{}
	for _, r := range report.Results {
		all[string(r.Rule)+" "+r.Resource.ID] = r
	}
	return all
}

// deltas sorts results by what the change makes of them.
func deltas(all map[string]gateResult) map[model.Delta][]string {
	by := map[model.Delta][]string{}
	for at, r := range all {
		by[r.Delta] = append(by[r.Delta], at)
	}
	for _, list := range by {
		slices.Sort(list)
	}
	return by
}
