package ledger

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCheck says of places where nothing can be recorded what Open says, and leaves
// nothing behind where it can.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("this is a text and no database, however long it may be"), 0o600))
	for path, want := range map[string]string{
		file:                                 "is not a ledger",
		dir:                                  "is not a file",
		filepath.Join(file, "l.db"):          "a part of the path is a file",
		filepath.Join(file, "sub", "l.db"):   "a part of the path is a file",
		filepath.Join(dir, "a", "b", "l.db"): "",
		filepath.Join(dir, "l.db"):           "",
	} {
		err := Check(t.Context(), path)
		if want == "" {
			require.NoError(t, err, path)
			continue
		}
		require.ErrorContains(t, err, want, path)
		_, opened := Open(t.Context(), path)
		require.ErrorContains(t, opened, want, path)
	}
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, list, 1)

	l := newLedger(t)
	require.NoError(t, Check(t.Context(), l.Path()))
	appendSample(t, l, "a")
	require.NoError(t, Check(t.Context(), l.Path()))
	list, err = os.ReadDir(l.snapshotDir())
	require.NoError(t, err)
	for _, e := range list {
		require.NotContains(t, e.Name(), ".tmp")
	}
}
