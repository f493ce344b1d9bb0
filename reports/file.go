package reports

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/keyproof/keyproof/model"
)

// WriteFile writes a report to a file: all of it, or nothing. It is written
// under another name in the same directory and takes its place when it is
// complete and on the disk; until then a file that was there stays as it was.
//
// A new file can be read by its owner only, since a report says where an account
// is weak; an existing one keeps its permissions. A device or a pipe, such as
// /dev/stdout, is written to as it is.
func WriteFile(path string, format Format, r *model.Report, o Options) error {
	if path == "" {
		return fmt.Errorf("write the %s report: no file is named: give one, such as report.%s", format.Name, format.Extension)
	}
	target, err := filepath.EvalSymlinks(path) // a link stays a link
	if err != nil {
		target = path // it does not exist yet, or the next call says why not
	}
	mode := fs.FileMode(0o600)
	switch info, err := os.Stat(target); {
	case err != nil:
	case info.IsDir():
		return fmt.Errorf("write %s: it is a directory: name a file in it, such as %s", path, filepath.Join(path, "report."+format.Extension))
	case !info.Mode().IsRegular():
		return explain(path, writeDevice(target, format, r, o))
	default:
		mode = info.Mode().Perm()
	}
	return explain(path, replaceFile(target, mode, func(w io.Writer) error { return format.Write(w, r, o) }))
}

func writeDevice(path string, format Format, r *model.Report, o Options) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(format.Write(f, r, o), f.Close())
}

// replaceFile puts what write writes in the place of a file.
func replaceFile(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".keyproof-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close() // a second time when closing failed, which is harmless
			os.Remove(f.Name())
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if err = f.Chmod(mode); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// explain puts an error of the file system in the words of a user, with what to
// do. Other errors, those of the results among them, only get the file's name.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	if source := new(sourceError); errors.As(err, &source) {
		return fmt.Errorf("write %s: %w", path, err)
	}
	dir := filepath.Dir(path)
	for _, known := range []struct {
		is   error
		text string
	}{
		{fs.ErrNotExist, fmt.Sprintf("the directory %s does not exist: make it, or name another place", dir)},
		{syscall.ENOTDIR, fmt.Sprintf("%s is not a directory: name another place", dir)},
		{syscall.EROFS, "the disk is read-only: name a file on another one"},
		{fs.ErrPermission, fmt.Sprintf("you may not write in %s: name another place, or have it made writable", dir)},
		{syscall.ENOSPC, "the disk is full: free some space, or name a file on another one"},
		{syscall.ENAMETOOLONG, "the name is too long: choose a shorter one"},
	} {
		if errors.Is(err, known.is) {
			return &fileError{fmt.Sprintf("write %s: %s", path, known.text), err}
		}
	}
	return fmt.Errorf("write %s: %w", path, err)
}

// fileError says in words what the wrapped error means.
type fileError struct {
	text string
	err  error
}

func (e *fileError) Error() string { return e.text }
func (e *fileError) Unwrap() error { return e.err }
