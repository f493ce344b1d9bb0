package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// prepare makes the tables in an empty file, and refuses a file that is not a
// ledger or one of a later version.
func (l *Ledger) prepare(ctx context.Context, writes bool) error {
	if writes {
		if err := l.useLog(ctx); err != nil {
			return err
		}
	}
	form, err := formOf(ctx, l.db, l.path)
	switch {
	case err != nil:
		return err
	case form == formVersion:
		return nil
	case form != 0:
		return fmt.Errorf("the ledger %s has form %d, this keyproof reads form %d: use the keyproof that wrote it, or a later one", l.path, form, formVersion)
	case !writes:
		return fmt.Errorf("%w at %s: the file is empty; `keyproof scan` fills it", ErrNone, l.path)
	}
	return l.writing(ctx, func(conn *sql.Conn) error {
		form, err := formOf(ctx, conn, l.path)
		if err != nil || form != 0 {
			return err // another process was quicker
		}
		_, err = conn.ExecContext(ctx, schema)
		return err
	})
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// formOf is the version of the tables; 0 of a file without any.
func formOf(ctx context.Context, q queryer, path string) (form int, err error) {
	var id, tables int
	err = q.QueryRowContext(ctx, `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&id, &form, &tables)
	switch {
	case err != nil:
		return 0, err
	case id != applicationID && (id != 0 || tables > 0):
		return 0, fmt.Errorf("%s is a database of something else, not a ledger: name another file with --ledger FILE", path)
	case id == applicationID && form == 0:
		return 0, fmt.Errorf("the ledger %s is damaged: it does not say its form", path)
	}
	return form, nil
}

// useLog turns SQLite's write-ahead log on, which the file remembers. When two
// processes do it at once SQLite does not wait by itself, hence the loop.
func (l *Ledger) useLog(ctx context.Context) (err error) {
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for start := time.Now(); ; {
		// The space of what is pruned can be given back: only an empty file takes it.
		var mode string
		_, err = conn.ExecContext(ctx, "PRAGMA auto_vacuum = INCREMENTAL")
		if err == nil {
			err = conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		}
		if err == nil && mode != "wal" {
			return fmt.Errorf("the ledger %s cannot have a write-ahead log (%s): it must be on a local disk: name one with --ledger FILE", l.path, mode)
		}
		if err == nil || !isBusy(err) || time.Since(start) > patience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// writable says whether this process may write the file and beside it.
func writable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o200 != 0 && probe(path) == nil
}

// probe makes a file beside another one, to learn why that cannot be done.
func probe(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".keyproof-*.tmp")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
