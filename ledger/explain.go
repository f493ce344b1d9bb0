package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

func (l *Ledger) explain(err error) error { return explain(l.path, err) }

// explain puts an error of SQLite in the words of a user, with what to do. An
// error that is not of SQLite stays as it is.
func explain(path string, err error) error {
	var of *sqlite.Error
	if err == nil || !errors.As(err, &of) {
		return err
	}
	var done *explained
	if errors.As(err, &done) {
		return err
	}
	switch of.Code() & 0xff { // without what SQLite adds to it
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return &explained{fmt.Sprintf("the ledger %s is being written to by another keyproof: try again when that is done", path), err}
	case lib.SQLITE_FULL:
		return &explained{fmt.Sprintf("write the ledger %s: the disk is full: free some space, or name a file on another disk with --ledger FILE", path), errors.Join(syscall.ENOSPC, err)}
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		return &explained{fmt.Sprintf("write the ledger %s: you may not write there: name another file with --ledger FILE, or have it made writable", path), err}
	case lib.SQLITE_CANTOPEN:
		return &explained{fmt.Sprintf("open the ledger %s: it, or the directory %s, cannot be read or written: name another file with --ledger FILE", path, filepath.Dir(path)), err}
	case lib.SQLITE_CORRUPT:
		return &explained{fmt.Sprintf("the ledger %s is damaged (%s): restore it from a backup, or move it away and start a new one", path, of), err}
	case lib.SQLITE_NOTADB:
		return &explained{fmt.Sprintf("%s is not a ledger, or is damaged at its beginning: restore it from a backup, or name another file with --ledger FILE", path), err}
	case lib.SQLITE_INTERRUPT:
		return &explained{"interrupted", errors.Join(context.Canceled, err)}
	default:
		return &explained{fmt.Sprintf("use the ledger %s: %s", path, of), err}
	}
}

func isBusy(err error) bool {
	var of *sqlite.Error
	return errors.As(err, &of) && (of.Code()&0xff == lib.SQLITE_BUSY || of.Code()&0xff == lib.SQLITE_LOCKED)
}

// explainFile does the same for an error of the file system.
func explainFile(path string, err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []struct {
		is   error
		text string
	}{
		{fs.ErrPermission, "you may not read or write there: name another file with --ledger FILE, or have it made accessible"},
		{syscall.EROFS, "the disk is read-only: name a file on another one with --ledger FILE"},
		{syscall.ENOSPC, "the disk is full: free some space, or name a file on another disk with --ledger FILE"},
		{syscall.ENOTDIR, "a part of the path is a file: name another one with --ledger FILE"},
	} {
		if errors.Is(err, known.is) {
			return &explained{fmt.Sprintf("open the ledger %s: %s", path, known.text), err}
		}
	}
	return fmt.Errorf("open the ledger %s: %w", path, err)
}

// explained says in words what the wrapped error means.
type explained struct {
	text string
	err  error
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.err }
