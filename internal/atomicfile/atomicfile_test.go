package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func TestWrite(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, Write("new", text("content")))
	requireFile(t, "new", "content", 0o600)

	require.NoError(t, os.Chmod("new", 0o640))
	require.NoError(t, Write("new", text("shorter")))
	requireFile(t, "new", "shorter", 0o640)

	require.NoError(t, os.Symlink("new", "link"))
	require.NoError(t, Write("link", text("by the link")))
	requireFile(t, "new", "by the link", 0o640)
	info, err := os.Lstat("link")
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type(), "a link stays a link")
	requireNames(t, "link", "new")
}

func TestWriteToPipe(t *testing.T) {
	// A pipe of our own: a test that went wrong on a device of the machine
	// would replace it.
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	got := make(chan string)
	go func() {
		raw, _ := os.ReadFile(pipe)
		got <- string(raw)
	}()
	require.NoError(t, Write(pipe, text("through")))
	require.Equal(t, "through", <-got)
}

func TestFailures(t *testing.T) {
	broken := errors.New("the source broke")
	for name, c := range map[string]struct {
		path string
		fill func(io.Writer) error
		is   error
		text string
	}{
		"no path":           {"", text("x"), nil, "no file is named"},
		"no directory":      {"missing/file", text("x"), os.ErrNotExist, "mkdir -p missing"},
		"through a file":    {"old/file", text("x"), syscall.ENOTDIR, "old is not a directory"},
		"a directory":       {"sub", text("x"), nil, "it is a directory: name a file in it"},
		"too long":          {strings.Repeat("x", 300), text("x"), syscall.ENAMETOOLONG, "the name is too long"},
		"source, old file":  {"old", func(w io.Writer) error { return errors.Join(text("half")(w), broken) }, broken, "the source broke"},
		"source, new file":  {"new", func(w io.Writer) error { return errors.Join(text("half")(w), broken) }, broken, "the source broke"},
		"source is missing": {"old", func(io.Writer) error { return os.ErrNotExist }, os.ErrNotExist, "file does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir("sub", 0o755))
			require.NoError(t, os.WriteFile("old", []byte("old"), 0o644))
			err := Write(c.path, c.fill)
			require.ErrorContains(t, err, c.text)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			requireNames(t, "old", "sub")
			requireFile(t, "old", "old", 0o644)
		})
	}
}

// TestFullDisk writes to the device that is always full.
func TestFullDisk(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this machine has no /dev/full")
	}
	defer f.Close()
	err = filled("report.json", f, text("x"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorContains(t, err, "write report.json: the disk is full: free some space")
}

func TestExplain(t *testing.T) {
	require.ErrorContains(t, explain("a/b", &os.PathError{Op: "write", Path: "/x", Err: syscall.EROFS}), "write a/b: the disk is read-only")
	require.ErrorContains(t, explain("a/b", os.ErrPermission), "you may not write in a")
	require.NoError(t, explain("a/b", nil))
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

// requireNames says what is in the directory: no temporary file is left.
func requireNames(t *testing.T, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	require.Equal(t, want, names)
}
