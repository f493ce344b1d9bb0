package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestNewRuleOfEachKind: what "rules new" writes loads, and its test passes and
// runs every line, for each kind and for odd names of folders.
func TestNewRuleOfEachKind(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "2 My-Rules")
	call := func(args ...string) string {
		var out, errs bytes.Buffer
		require.Zero(t, run(t.Context(), args, system{stdout: &out, stderr: &errs, version: "test"}), "%s%s", out.String(), errs.String())
		return out.String()
	}
	for i, kind := range model.RuleKinds() {
		call("rules", "new", fmt.Sprintf("OWN-%03d", i+1), "--kind", string(kind), filepath.Join(dir, "on_"+string(kind)))
	}
	require.Contains(t, call("rules", "test", dir), " 0 failed, 0 places without a test")
}
