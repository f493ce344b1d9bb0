package reports_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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
	want := write(t, "json", r, o)
	dir := t.TempDir()

	path := filepath.Join(dir, "report.json")
	require.NoError(t, reports.WriteFile(path, f, r, o))
	requireFile(t, path, want, 0o600)

	require.NoError(t, os.WriteFile(path, []byte("old and much longer than nothing"), 0o600))
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, reports.WriteFile(path, f, r, o))
	requireFile(t, path, want, 0o640)

	link := filepath.Join(dir, "latest.json")
	require.NoError(t, os.Symlink("report.json", link))
	require.NoError(t, os.WriteFile(path, nil, 0o640))
	require.NoError(t, reports.WriteFile(link, f, r, o))
	requireFile(t, path, want, 0o640)
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type(), "a link stays a link")

	t.Chdir(dir)
	require.NoError(t, reports.WriteFile("here.json", f, r, o))
	requireFile(t, "here.json", want, 0o600)
	requireNames(t, dir, "here.json", "latest.json", "report.json")
}

func TestWriteFileFailures(t *testing.T) {
	broken := errors.New("the results broke")
	breaks := func(how error) reports.Format {
		return reports.Format{Name: "json", Extension: "json", Write: func(w io.Writer, _ *model.Report, _ reports.Options) error {
			_, err := io.WriteString(w, "half a rep")
			return errors.Join(err, how)
		}}
	}
	good, err := reports.Find("json")
	require.NoError(t, err)
	lost := theReport()
	lost.Results = func(yield func(*model.Result, error) bool) { yield(nil, os.ErrNotExist) }

	for name, c := range map[string]struct {
		path   string
		format reports.Format
		report *model.Report
		is     error
		text   string
	}{
		"no path":             {"", good, nil, nil, "write the json report: no file is named: give one, such as report.json"},
		"no directory":        {"missing/report.json", good, nil, os.ErrNotExist, "the directory missing does not exist: make it, or name another place"},
		"through a file":      {"old.json/report.json", good, nil, syscall.ENOTDIR, "old.json is not a directory"},
		"a directory":         {"sub", good, nil, nil, "write sub: it is a directory: name a file in it, such as sub/report.json"},
		"a directory, slash":  {"sub/", good, nil, nil, "it is a directory"},
		"too long":            {strings.Repeat("x", 300), good, nil, syscall.ENAMETOOLONG, "the name is too long"},
		"full disk":           {"old.json", breaks(&os.PathError{Op: "write", Err: syscall.ENOSPC}), nil, syscall.ENOSPC, "the disk is full: free some space"},
		"read-only disk":      {"old.json", breaks(syscall.EROFS), nil, syscall.EROFS, "the disk is read-only"},
		"not allowed":         {"old.json", breaks(os.ErrPermission), nil, os.ErrPermission, "you may not write in ."},
		"broken format":       {"old.json", breaks(broken), nil, broken, "write old.json: the results broke"},
		"broken, new file":    {"new.json", breaks(broken), nil, broken, "write new.json: the results broke"},
		"results not to read": {"old.json", good, lost, os.ErrNotExist, "write old.json: read the results: file does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			require.NoError(t, os.Mkdir("sub", 0o755))
			require.NoError(t, os.WriteFile("old.json", []byte("old"), 0o644))
			r := c.report
			if r == nil {
				r = theReport()
			}
			err := reports.WriteFile(c.path, c.format, r, reports.Options{})
			require.ErrorContains(t, err, c.text)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			requireNames(t, dir, "old.json", "sub")
			requireNames(t, filepath.Join(dir, "sub"))
			requireFile(t, "old.json", "old", 0o644)
		})
	}
}

func requireFile(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, string(raw))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, mode, info.Mode().Perm())
}

// requireNames says what is in a directory: no temporary file is left.
func requireNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	require.Equal(t, want, names)
}
