package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/reports"
)

// TestReplay writes the report of the embedded account in every format as the
// scan does, and then again from the ledger a month later: the same bytes.
func TestReplay(t *testing.T) {
	dir := t.TempDir()
	path := func(f string) string { return filepath.Join(dir, f) }
	ledger := path("ledger.db")
	// Parameters and a waiver, so that reports have something of each.
	require.NoError(t, os.WriteFile(path("keyproof.yaml"), []byte(`parameters:
  SM-002: [{set: {max_days: 1000000}, why: "a number that must not be printed as 1e+06"}]
waivers:
  - {rule: SM-001, resource: eu/*, reason: moves to a database that rotates, owner: ann, approved_by: bob, created: 2026-03-01, expires: 2026-06-30}
`), 0o600))
	do := func(now time.Time, args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), args, system{getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: func() time.Time { return now }, version: "0.0.0-test"})
		require.Contains(t, []int{0, 3}, code, errs.String())
		return code, out.String()
	}
	// A browser prints the html to pdf, and writes the time into it.
	formats := slices.DeleteFunc(reports.Formats(), func(f reports.Format) bool { return f.Name == "pdf" })
	args := []string{"demo", "--quiet", "--ledger", ledger, "--config", path("keyproof.yaml"), "--fail-on", "medium"}
	for _, f := range formats {
		args = append(args, "--output", f.Name+"="+path(f.Name))
	}
	code, printed := do(scriptNow, args...)
	require.Equal(t, 3, code)
	for _, f := range formats {
		code, again := do(scriptNow.AddDate(0, 1, 0), "report", "--ledger", ledger, "--format", f.Name, "-o", path(f.Name+".again"))
		require.Zero(t, code)
		require.Empty(t, again)
		want, err := os.ReadFile(path(f.Name))
		require.NoError(t, err)
		got, err := os.ReadFile(path(f.Name + ".again"))
		require.NoError(t, err)
		require.NotEmpty(t, want)
		require.True(t, bytes.Equal(want, got), "%s differs: compare %s with %s.again", f.Name, path(f.Name), path(f.Name))
	}
	_, again := do(scriptNow, "report", "--ledger", ledger)
	require.Equal(t, printed, again, "what was printed")
	_, whole := do(scriptNow, "ledger", "verify", "--ledger", ledger)
	require.Contains(t, whole, "WHOLE")
	leaks(t, ledger)
}

// leaks looks for values of secrets in everything that the ledger keeps.
func leaks(t *testing.T, ledger string) {
	t.Helper()
	looked := 0
	require.NoError(t, filepath.WalkDir(filepath.Dir(ledger), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if filepath.Ext(path) == ".zst" {
			z, zerr := zstd.NewReader(nil)
			require.NoError(t, zerr)
			raw, err = z.DecodeAll(raw, nil)
			looked++
		}
		require.NotContains(t, string(raw), sentinel, path)
		return err
	}))
	require.Positive(t, looked)
}
