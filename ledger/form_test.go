package ledger

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

var makeForm = flag.Bool("make-form", false, "write testdata of the form of today; never over that of an older one")

// TestFormOne reads a ledger that an earlier keyproof wrote. It must stay
// readable for ever: whoever changes a form adds a folder here and keeps this.
func TestFormOne(t *testing.T) {
	stored := filepath.Join("testdata", "form1", "ledger.db")
	if *makeForm {
		require.NoFileExists(t, stored)
		fillLedger(t, stored)
	}
	path := copyLedger(t, stored)
	l, err := OpenExisting(t.Context(), path)
	require.NoError(t, err)
	defer l.Close()
	got, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "752208", got.Head.Hash.String()[:6])
	require.Equal(t, [4]int{2, 3, 1, 1}, [4]int{got.Runs, got.Lines, got.Pruned, got.Snapshots})

	run, err := l.Run(t.Context(), "last")
	require.NoError(t, err)
	require.Equal(t, model.Counts{Fail: 3, Unknown: 2, Pass: 7, NotApplicable: 1, Waived: 1}, run.Counts)
	r, done, err := l.Report(t.Context(), run.ID)
	require.NoError(t, err)
	require.Equal(t, reportOf(sampleResults(6)).Header, r.Header)
	require.Equal(t, sampleRules(), r.Rules)
	require.Equal(t, sampleResults(6), collect(t, r))
	require.NoError(t, done())
	snap, err := l.Snapshot(t.Context(), run.ID)
	require.NoError(t, err)
	for res, err := range snap.Resources {
		require.NoError(t, err)
		require.Contains(t, []string{"a", "b"}, res.Name)
	}
	require.Len(t, entriesOf(t, l, EntryFilter{Run: "r", Change: "c"}), 3)
	require.NoError(t, os.Remove(path))
}
