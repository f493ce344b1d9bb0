package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"iter"
	"os"
	"os/user"
	"time"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// journal is the ledger as the remediator sees it.
type journal struct {
	*ledger.Ledger
	warn func(text string) // nil where nothing is changed
}

// Entries are those of a run, or all.
func (j journal) Entries(ctx context.Context, run string) iter.Seq2[model.JournalEntry, error] {
	return j.Ledger.Entries(ctx, ledger.EntryFilter{Run: run})
}

// Acquire takes a lease.
func (j journal) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (remediator.Lease, error) {
	lease, err := j.Ledger.Acquire(ctx, name, holder, ttl)
	if err != nil {
		return nil, err // not a nil lease in an interface
	}
	if m := lease.Mistaken; m != nil && j.warn != nil {
		j.warn(fmt.Sprintf("%s had the lease %q until %s, which is so far ahead that a clock must have been wrong: it counts as dead", m.Holder, name, m.Expires.Format(time.RFC3339)))
	}
	return lease, nil
}

// openJournal opens the ledger for writing, and makes it where there is none.
func (sys system) openJournal(ctx context.Context, o *ledgerOptions) (journal, error) {
	path, _, err := o.file(sys)
	if err != nil {
		return journal{}, usageError{err}
	}
	l, err := ledger.Open(ctx, path)
	if err != nil {
		return journal{}, fmt.Errorf("nothing was changed, since nothing could be recorded: %w", err)
	}
	l.Now, l.Flag = sys.now, o.flag()
	return journal{l, func(text string) { fmt.Fprintln(sys.stderr, clean(text)) }}, nil
}

// canChange says in the words of openJournal, before long work, that nothing could be
// recorded.
func (sys system) canChange(ctx context.Context, o *ledgerOptions) error {
	path, _, err := o.file(sys)
	if err != nil {
		return usageError{err}
	}
	if err := ledger.Check(ctx, path); err != nil {
		return fmt.Errorf("nothing was changed, since nothing could be recorded: %w", err)
	}
	return nil
}

// openRecorded is openJournal for changes that were recorded: a ledger that is not
// there is not made, since its name is mistyped. ErrNone is for the default one.
func (sys system) openRecorded(ctx context.Context, o *ledgerOptions) (journal, error) {
	there, err := sys.openLedger(ctx, o)
	if err != nil {
		return journal{}, err
	}
	if err := there.Close(); err != nil {
		return journal{}, err
	}
	return sys.openJournal(ctx, o)
}

// newRun is a run id: sortable by time, and unique.
func (sys system) newRun() string {
	var random [3]byte
	_, _ = rand.Read(random[:]) // never fails
	return "fix-" + sys.now().UTC().Format("20060102-150405") + "-" + hex.EncodeToString(random[:])
}

// whoami is who changes, for the record and for who finds an account taken.
func whoami() string {
	name, host := "somebody", "somewhere"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if h, err := os.Hostname(); err == nil {
		host = h
	}
	return fmt.Sprintf("%s@%s, process %d", name, host, os.Getpid())
}
