package ledger

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestFullFile stands in for a full disk where none can be mounted.
func TestFullFile(t *testing.T) {
	l := newLedger(t)
	appendSample(t, l, "a")
	before, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	l.db.SetMaxOpenConns(1)                                             // the pragma is of a connection
	_, err = l.db.ExecContext(t.Context(), "PRAGMA max_page_count = 1") // not less than it has
	require.NoError(t, err)
	r := reportOf(sampleResults(3000))
	_, err = l.AppendRun(t.Context(), r, nil, model.VerdictFail, model.VerdictPolicy{}, nil)
	require.ErrorContains(t, err, "the disk is full: free some space, or name a file on another disk with --ledger FILE")
	after, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("something else, long enough to be read as the header of a database: no"), 0o600))
	for name, c := range map[string]struct {
		path string
		want string
	}{
		"no name":         {"", "no file is named"},
		"a directory":     {dir, "is not a file: name a file"},
		"below a file":    {filepath.Join(file, "ledger.db"), "a part of the path is a file"},
		"something else":  {file, "is not a ledger, or is damaged at its beginning"},
		"another program": {otherDatabase(t), "is a database of something else"},
		"a later form":    {laterForm(t), "has form 2, this keyproof reads form 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c.path)
			require.ErrorContains(t, err, c.want)
			if name != "no name" && name != "a directory" && name != "below a file" {
				_, err = OpenExisting(t.Context(), c.path)
				require.ErrorContains(t, err, c.want)
			}
		})
	}
	_, err := OpenExisting(t.Context(), filepath.Join(dir, "none.db"))
	require.ErrorIs(t, err, ErrNone)
	require.NoFileExists(t, filepath.Join(dir, "none.db"))
	empty := filepath.Join(dir, "empty.db")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	_, err = OpenExisting(t.Context(), empty)
	require.ErrorIs(t, err, ErrNone, "a process that ended before it made the tables left it")
	l, err := Open(t.Context(), empty)
	require.NoError(t, err)
	require.NoError(t, l.Close())
}

func otherDatabase(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	l := openAt(t, path)
	_, err := l.db.ExecContext(t.Context(), "PRAGMA application_id = 7")
	require.NoError(t, err)
	return path
}

func laterForm(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "later.db")
	l := openAt(t, path)
	_, err := l.db.ExecContext(t.Context(), "PRAGMA user_version = 2")
	require.NoError(t, err)
	return path
}

// TestDamaged overwrites every page of the file in turn: what cannot be read is
// said, and nothing that is wrong passes.
func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	fillLedger(t, path)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	const page = 4096
	for at := 0; at < len(whole); at += page {
		damaged := copyLedger(t, path)
		raw := append([]byte(nil), whole...)
		for i := at + 8; i < at+page; i++ {
			raw[i] ^= 0x5a
		}
		require.NoError(t, os.WriteFile(damaged, raw, 0o600))
		l, err := OpenExisting(t.Context(), damaged)
		if err == nil {
			_, err = l.Verify(t.Context(), nil)
			require.NoError(t, l.Close())
		}
		require.Error(t, err, "page %d", at/page)
		require.Regexp(t, "is damaged|is not a ledger|is not as it was recorded|something else", err.Error(), "page %d", at/page)
	}
	require.NoError(t, os.WriteFile(path, whole[:len(whole)/2], 0o600))
	_, err = Open(t.Context(), path)
	require.ErrorContains(t, err, "is damaged (")
}

func TestExplainFile(t *testing.T) {
	require.NoError(t, explainFile("x", nil))
	require.ErrorContains(t, explainFile("x", &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}), "you may not read or write there")
	require.ErrorContains(t, explainFile("x", &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOSPC}), "the disk is full")
	odd := errors.New("odd")
	require.ErrorIs(t, explainFile("x", odd), odd)
	require.ErrorIs(t, explain("x", odd), odd)
}
