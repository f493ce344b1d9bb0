package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
)

// TestPruneKeepsUnended prunes everything, and leaves the run that is not over.
func TestPruneKeepsUnended(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	l, err := ledger.Open(t.Context(), path)
	require.NoError(t, err)
	for run, state := range map[string]model.StepState{"fix-a": model.StepVerified, "fix-b": model.StepFailed} {
		for _, e := range []model.JournalEntry{
			{State: model.StepPlanned, Data: []byte(`{"by":"jane","changes":[{"id":"chg-1"}]}`)},
			{Change: "chg-1", State: model.StepStarted, Data: []byte(`{"before":{"x":1}}`)}, {Change: "chg-1", State: state},
		} {
			e.Run, e.At = run, scriptNow.Add(-time.Minute)
			require.NoError(t, l.Append(t.Context(), e))
		}
	}
	l.Now = func() time.Time { return scriptNow }
	lease, err := l.Acquire(t.Context(), "remediate/111122223333", "jane", time.Minute)
	require.NoError(t, err)
	prune := []string{"ledger", "prune", "--ledger", path, "--older-than", "0d"}
	code, stdout, stderr := keyproof(t, prune...)
	require.Equal(t, 1, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, `nothing was pruned, changes are being made: jane has the lease "remediate/111122223333"`)
	require.NoError(t, lease.Release(t.Context()))
	require.NoError(t, l.Close())

	code, stdout, stderr = keyproof(t, prune...)
	require.Equal(t, 0, code, stderr)
	require.Contains(t, stdout, "the details of 3 lines of changes")
	require.Contains(t, stderr, "run fix-b is not ended and keeps its details: go on with `keyproof remediate resume fix-b --ledger "+path+"`")
	require.NotContains(t, stderr, "fix-a")
	code, stdout, _ = keyproof(t, "remediate", "status", "--ledger", path)
	require.Equal(t, 0, code)
	require.Contains(t, stdout, "fix-b  2026-03-14 09:25 UTC by jane")
}
