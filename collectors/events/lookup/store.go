package lookup

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/internal/atomicfile"
)

// store is the directory that the progress of a lookup is kept in. The zero store
// keeps nothing.
type store struct {
	dir   string
	files []*progressFile
}

// lookupRun is the file that says what lookup the directory is of.
type lookupRun struct {
	Version int
	Since   time.Time
	Until   time.Time
	Events  string // which events are wanted, as a checksum
}

const (
	storeVersion = 1
	runFile      = "lookup.json"
)

// storeError is an error of the directory, which is the user's and no gap.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

func storef(format string, args ...any) error { return &storeError{fmt.Errorf(format, args...)} }

// openStore opens the directory, or makes it. A lookup that it holds goes on with
// the times that it was begun with.
func openStore(dir string, w *window, q *events.Query) (*store, error) {
	s := &store{dir: dir}
	if dir == "" {
		return s, nil
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, storef("%s is a file: what a lookup has read so far is kept in a directory of its own; name another", dir)
	}
	want := lookupRun{storeVersion, w.since, w.until, checksum(q.Relevant)}
	var have lookupRun
	switch err := readJSON(filepath.Join(dir, runFile), &have); {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, &storeError{err}
		}
		return s, writeJSON(filepath.Join(dir, runFile), want)
	case err != nil:
		return nil, damaged(dir, err)
	}
	asked := func(t, had time.Time) bool { return !t.IsZero() && !t.Equal(had) }
	if have.Version != storeVersion || have.Events != want.Events || asked(q.Since, have.Since) || asked(q.Until, have.Until) {
		return nil, storef("%s holds another lookup, from %s to %s: end it with the same times, or name another directory (or remove it: rm -r %[1]s)",
			dir, have.Since.Format(time.RFC3339), have.Until.Format(time.RFC3339))
	}
	w.since, w.until = have.Since, have.Until
	return s, nil
}

func damaged(dir string, err error) error {
	return storef("what %s holds of an earlier lookup is damaged (%w): remove it (rm -r %[1]s) and run the lookup again", dir, err)
}

// checksum tells filters apart.
func checksum(f events.Filter) string {
	h := fnv.New64a()
	for _, source := range f.Sources() {
		names, all := f.Names(source)
		fmt.Fprintln(h, source, all, names)
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// remove forgets a lookup that is complete. One with parts missing stays, to go on
// with.
func (s *store) remove() error {
	for _, f := range s.files {
		if !f.complete() {
			return nil
		}
	}
	if s.dir == "" {
		return nil
	}
	var errs []error
	for _, f := range s.files {
		errs = append(errs, os.Remove(f.path(stateSuffix)), ignoreMissing(os.Remove(f.path(eventsSuffix))))
	}
	errs = append(errs, os.Remove(filepath.Join(s.dir, runFile)))
	_ = os.Remove(s.dir) // it stays when there is something else in it
	return errors.Join(errs...)
}

// close closes what was opened.
func (s *store) close() error {
	var errs []error
	for _, f := range s.files {
		errs = append(errs, f.close())
	}
	return errors.Join(errs...)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func readJSON(path string, into any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func writeJSON(path string, v any) error {
	err := atomicfile.Write(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(v) })
	if err != nil {
		return &storeError{err}
	}
	return nil
}

// open opens what is kept of one region of an account, or begins it.
func (s *store) open(account, region string, first []series) (*progressFile, error) {
	f := &progressFile{saved: time.Now(), state: progress{Series: first}}
	s.files = append(s.files, f)
	if s.dir == "" {
		return f, nil
	}
	f.base = filepath.Join(s.dir, account+"_"+region)
	var have progress
	switch err := readJSON(f.path(stateSuffix), &have); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, damaged(s.dir, err)
	default:
		f.state = have
	}
	return f, f.openEvents()
}
