// Package ledger keeps the record: every run with all its results, the snapshot
// that it rests on, and every step of every change, in one SQLite file with a
// folder of snapshots beside it.
//
// What it promises: a record is there whole or not at all, whatever ends the
// process; it is on the disk when a call returns; several processes may write at
// once; and nothing that was recorded can be altered, removed or reordered
// without Verify naming it, for each record holds the hash of the one before.
// Whoever keeps a hash that Head returned can prove later that the ledger still
// says what it said then. No value of a secret gets in: the model has no field
// for one.
//
// Leases are not part of the record. They keep two processes from changing an
// account at the same time.
package ledger

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Ledger is an open ledger. It is safe for concurrent use.
type Ledger struct {
	// Now is the clock of what is recorded; tests set it.
	Now func() time.Time
	// Flag is what names this ledger in commands that messages tell to type, with a
	// space before it; empty where none is needed.
	Flag string

	path string
	db   *sql.DB
	// fault is called by name at the points at which a test ends the process; nil
	// otherwise.
	fault func(point string)
}

// Hash is the SHA-256 of something recorded.
type Hash [32]byte

// String writes it in hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes what String does.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what String wrote.
func (h *Hash) UnmarshalText(text []byte) error {
	raw, err := hex.DecodeString(string(text))
	if err != nil || len(raw) != len(h) {
		return fmt.Errorf("%q is not a SHA-256 hash: it has 64 hexadecimal digits", text)
	}
	copy(h[:], raw)
	return nil
}

// Path is the file of the ledger.
func (l *Ledger) Path() string { return l.path }

// Close frees the ledger. What was recorded is on the disk already.
func (l *Ledger) Close() error { return l.explain(l.db.Close()) }

// at tells a test how far a write has come.
func (l *Ledger) at(point string) {
	if l.fault != nil {
		l.fault(point)
	}
}

// writing runs f in a transaction that no other process can come between, and
// commits what it did unless it returns an error.
func (l *Ledger) writing(ctx context.Context, f func(*sql.Conn) error) error {
	return l.transaction(ctx, "BEGIN IMMEDIATE", f)
}

// reading runs f on the ledger as it is now, whatever others write meanwhile.
func (l *Ledger) reading(ctx context.Context, f func(*sql.Conn) error) error {
	return l.transaction(ctx, "BEGIN", f)
}

func (l *Ledger) transaction(ctx context.Context, begin string, f func(*sql.Conn) error) (err error) {
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return l.explain(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return l.explain(err)
	}
	// Once the end of a transaction has begun it must not be interrupted: nobody
	// would know what became of it.
	end := context.WithoutCancel(ctx)
	err = f(conn)
	if err == nil {
		l.at("before-commit")
		if _, err = conn.ExecContext(end, "COMMIT"); err == nil {
			l.at("after-commit")
			return nil
		}
	}
	_, _ = conn.ExecContext(end, "ROLLBACK") // a full disk has rolled back already
	return l.explain(err)
}
