package reports_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

func TestWriteFile(t *testing.T) {
	f, err := reports.Find("json")
	require.NoError(t, err)
	r := theReport()
	o := judged(r, 0, 0)
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	require.NoError(t, reports.WriteFile(path, f, r, o))
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, write(t, "json", r, o), string(raw))

	// What goes wrong leaves the report that was there, and names the cause.
	lost := theReport()
	lost.Results = func(yield func(*model.Result, error) bool) { yield(nil, os.ErrNotExist) }
	require.ErrorContains(t, reports.WriteFile(path, f, lost, o), "json report: read the results: file does not exist")
	require.ErrorContains(t, reports.WriteFile(filepath.Join(dir, "no", "r.json"), f, r, o), "mkdir -p")
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, raw, kept)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}
