package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// storedPlan compares a plan with the one in the fixture, or writes that anew.
func storedPlan(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	raw = tidyPlan(t, raw)
	stored := filepath.Join(terraformFixture, "plan.json")
	if *update {
		require.NoError(t, os.WriteFile(stored, raw, 0o600))
	}
	have, err := os.ReadFile(stored)
	require.NoError(t, err)
	require.JSONEq(t, string(have), string(raw), "make it again: go test ./cmd/keyproof -run 'TestTerraform$' -update")
	require.NotContains(t, string(raw), filepath.Dir(path), "a plan that is stored says nothing of the machine")
}

// tidyPlan makes a plan the same for each run: terraform writes its time, and lists
// the attributes that matter in no order.
func tidyPlan(t *testing.T, raw []byte) []byte {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	plan := map[string]any{}
	require.NoError(t, dec.Decode(&plan))
	plan["timestamp"] = "2026-03-14T09:26:53Z"
	if list, ok := plan["relevant_attributes"].([]any); ok {
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(plan))
	return out.Bytes()
}
