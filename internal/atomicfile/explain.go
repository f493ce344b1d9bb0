package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
)

// explain puts an error of the file system in the words of a user, with what to
// do. The error stays findable by errors.Is.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	dir := filepath.Dir(path)
	for _, known := range []struct {
		is   error
		text string
	}{
		{fs.ErrNotExist, fmt.Sprintf("the directory %s does not exist: make it with `mkdir -p %s`, or name another place", dir, dir)},
		{syscall.ENOTDIR, fmt.Sprintf("%s is not a directory: name another place", dir)},
		{syscall.EROFS, "the disk is read-only: name a file on another one"},
		{fs.ErrPermission, fmt.Sprintf("you may not write in %s: name another place, or have it made writable", dir)},
		{syscall.ENOSPC, "the disk is full: free some space, or name a file on another one"},
		{syscall.ENAMETOOLONG, "the name is too long: choose a shorter one"},
	} {
		if errors.Is(err, known.is) {
			return &explained{fmt.Sprintf("write %s: %s", path, known.text), err}
		}
	}
	return fmt.Errorf("write %s: %w", path, err)
}

// explained says in words what the wrapped error means.
type explained struct {
	text string
	err  error
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.err }
