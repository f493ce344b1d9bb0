package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"modernc.org/sqlite" // also the driver, "sqlite" of database/sql
	lib "modernc.org/sqlite/lib"
)

// patience is how long a write waits for another process before it gives up.
const patience = 20 * time.Second

// ErrNone says that there is no ledger yet.
var ErrNone = errors.New("there is no ledger")

// Open opens the ledger at path for reading and writing, and makes it where
// there is none, with its directory. Only its owner can read it then: it says
// where an account is weak.
func Open(ctx context.Context, path string) (*Ledger, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	return open(ctx, path, "mode=rw&_pragma=synchronous(FULL)", true)
}

// OpenExisting opens a ledger for reading. It makes none: its error is ErrNone
// then. It works on a disk that cannot be written to.
func OpenExisting(ctx context.Context, path string) (*Ledger, error) {
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w at %s: `keyproof scan` makes one, --ledger FILE names another", ErrNone, path)
		}
		return nil, explainFile(path, err)
	}
	if writable(path) {
		return open(ctx, path, "mode=rw&_pragma=query_only(1)", false)
	}
	// Reading beside a writer needs a file for shared memory, which cannot be made
	// here; without a log there is no writer, and nothing can change.
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		return open(ctx, path, "mode=ro&immutable=1", false)
	}
	return open(ctx, path, "mode=ro", false)
}

// Check says, in the words of Open, why nothing could be recorded at path. It is for
// before long work whose record would be lost. Where there is no ledger it makes
// none; a ledger that another process writes to is no matter.
func Check(ctx context.Context, path string) error {
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return explainFile(path, mayMake(filepath.Dir(path)))
	case err != nil:
		return explainFile(path, err)
	}
	l, err := Open(ctx, path)
	if err != nil {
		if isBusy(err) {
			return nil
		}
		return err
	}
	err = l.Close()
	if info, failed := os.Stat(l.snapshotDir()); err == nil && failed == nil && info.IsDir() {
		err = explainFile(l.snapshotDir(), probe(filepath.Join(l.snapshotDir(), "x")))
	}
	return err
}

// mayMake says why no file could be made in a directory, which need not be there.
func mayMake(dir string) error {
	for {
		info, err := os.Stat(dir)
		up := filepath.Dir(dir)
		if errors.Is(err, fs.ErrNotExist) && up != dir {
			dir = up
			continue
		}
		if err == nil && !info.IsDir() {
			err = &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR}
		}
		if err != nil {
			return err
		}
		return probe(filepath.Join(dir, "x"))
	}
}

// create makes the directory and the file, empty, where they are not there. A
// file that is there is not opened: closing it would take SQLite's locks away
// that this process may hold on it (see the driver's documentation).
func create(path string) error {
	if path == "" {
		return errors.New("no file is named for the ledger")
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return explainFile(path, err)
	}
	switch info, err := os.Stat(path); {
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("the ledger %s is not a file: name a file with --ledger FILE", path)
	case err == nil:
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was quicker
	}
	if err != nil {
		return explainFile(path, err)
	}
	return errors.Join(explainFile(path, f.Close()), syncDir(dir))
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return explainFile(dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return explainFile(dir, err)
	}
	return nil
}

func open(ctx context.Context, path, query string, writes bool) (*Ledger, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, explainFile(path, err)
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: fmt.Sprintf("%s&_pragma=busy_timeout(%d)", query, patience.Milliseconds())}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, explain(path, err)
	}
	db.SetMaxOpenConns(4) // each has a cache of its own
	l := &Ledger{Now: time.Now, path: path, db: db}
	if err := l.prepare(ctx, writes); err != nil {
		err = errors.Join(l.explain(err), db.Close())
		var of *sqlite.Error
		if writes && errors.As(err, &of) && (of.Code()&0xff == lib.SQLITE_CANTOPEN || of.Code()&0xff == lib.SQLITE_READONLY) {
			// SQLite does not say why; the system does.
			if why := probe(path); why != nil {
				return nil, explainFile(path, why)
			}
		}
		return nil, err
	}
	return l, nil
}
