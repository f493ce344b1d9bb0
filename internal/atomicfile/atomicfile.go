// Package atomicfile writes files that are either complete or not there: under
// another name in the same directory, flushed to the disk, then renamed. Until
// then a file that was there stays as it was.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts what fill writes at path.
//
// A new file can be read by its owner only, since what keyproof writes says
// where an account is weak; an existing one keeps its permissions, and a link
// stays a link. A device or a pipe, such as /dev/stdout, is written to as it
// is. Errors of the file system are in the words of a user, with what to do;
// an error of fill itself is returned as it is.
func Write(path string, fill func(io.Writer) error) error {
	if path == "" {
		return errors.New("no file is named")
	}
	target, mode, err := follow(path)
	switch {
	case err != nil:
		return err
	case !mode.IsRegular():
		return toDevice(path, target, fill)
	}
	return replace(path, target, mode.Perm(), fill)
}

// follow is what a path leads to, and its mode; that of a new file when there is
// nothing yet. A directory is an error.
func follow(path string) (target string, mode fs.FileMode, err error) {
	if target, err = filepath.EvalSymlinks(path); err != nil {
		target = path // it does not exist yet, or the next call says why not
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return target, 0o600, nil
	case info.IsDir():
		return "", 0, fmt.Errorf("write %s: it is a directory: name a file in it", path)
	}
	return target, info.Mode(), nil
}

func toDevice(path, target string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(target, os.O_WRONLY, 0)
	if err != nil {
		return explain(path, err)
	}
	err = filled(path, f, fill)
	return errors.Join(err, explain(path, f.Close()))
}

func replace(path, target string, mode fs.FileMode, fill func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(target), ".keyproof-*.tmp")
	if err != nil {
		return explain(path, err)
	}
	defer func() {
		if err != nil {
			f.Close() // a second time when closing failed, which is harmless
			os.Remove(f.Name())
		}
	}()
	if err := filled(path, f, fill); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return f.Chmod(mode) }, f.Sync, f.Close, func() error { return os.Rename(f.Name(), target) },
	} {
		if err := step(); err != nil {
			return explain(path, err)
		}
	}
	return nil
}

// filled calls fill with a buffered writer on the file and tells errors of the
// file from those of what is written.
func filled(path string, f *os.File, fill func(io.Writer) error) error {
	w := &remembering{w: f}
	buf := bufio.NewWriterSize(w, 64<<10)
	err := fill(buf)
	if err == nil {
		err = buf.Flush()
	}
	if w.err != nil {
		return explain(path, w.err)
	}
	return err
}

// remembering keeps the first error of its writer.
type remembering struct {
	w   io.Writer
	err error
}

func (r *remembering) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n, err
}
