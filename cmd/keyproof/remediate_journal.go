package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"iter"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// journal is the ledger as the remediator sees it.
type journal struct{ *ledger.Ledger }

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
	return lease, nil
}

// openJournal opens the ledger of --ledger, KEYPROOF_LEDGER or the user's state.
func (sys system) openJournal(ctx context.Context, path string) (journal, error) {
	path, err := sys.journalPath(path)
	if err != nil {
		return journal{}, err
	}
	l, err := ledger.Open(ctx, path)
	if err != nil {
		return journal{}, fmt.Errorf("nothing was changed, since nothing could be recorded: %w", err)
	}
	return journal{l}, nil
}

// readJournal opens the ledger for reading; it makes none.
func (sys system) readJournal(ctx context.Context, path string) (journal, error) {
	path, err := sys.journalPath(path)
	if err != nil {
		return journal{}, err
	}
	l, err := ledger.OpenExisting(ctx, path)
	return journal{l}, err
}

func (sys system) journalPath(path string) (string, error) {
	if path == "" {
		path = sys.getenv("KEYPROOF_LEDGER")
	}
	if path == "" {
		state := sys.getenv("XDG_STATE_HOME")
		if !filepath.IsAbs(state) { // "All paths must be absolute" (XDG Base Directory Specification)
			home := sys.getenv("HOME")
			if home == "" {
				return "", usagef("nobody says where the ledger is: name it with --ledger FILE")
			}
			state = filepath.Join(home, ".local", "state")
		}
		path = filepath.Join(state, "keyproof", "ledger.db")
	}
	return path, nil
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
