package remediator

import (
	"context"
	"iter"
	"time"

	"github.com/keyproof/keyproof/model"
)

// Journal is the record of changes.
type Journal interface {
	// Append returns when the entry is on disk.
	Append(ctx context.Context, e model.JournalEntry) error
	// Entries are those of a run in the order in which they were appended; of all
	// runs when run is empty.
	Entries(ctx context.Context, run string) iter.Seq2[model.JournalEntry, error]
	// Acquire takes a lease that nobody else can hold until it is released or ttl is
	// over. The error says who holds it.
	Acquire(ctx context.Context, name, holder string, ttl time.Duration) (Lease, error)
}

// Lease is the right to change one account.
type Lease interface {
	Renew(ctx context.Context) error
	Release(ctx context.Context) error
}
