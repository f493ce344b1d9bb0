package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Pruning says what retention removed, or would.
type Pruning struct {
	Before time.Time `json:"before"` // UTC; what is older goes
	Runs   int       `json:"runs"`   // whose results and snapshots go
	Lines  int       `json:"lines"`  // of the journal whose details go
	Files  int       `json:"files"`  // snapshots and left-overs that were deleted
	// Bytes is what the file and the folder take less.
	Bytes int64 `json:"bytes"`
}

// pruneRecord is the record of a pruning: a link like others.
type pruneRecord struct {
	At     time.Time `json:"at"`
	Before time.Time `json:"before"`
	Links  seqRanges `json:"links"` // whose bodies were removed
}

// old are the links that a pruning is about: runs recorded before a time, and
// lines of the journal of which no later line belongs to the same run of
// changes, since what is under way needs all of its lines.
const old = `WITH old AS (
	SELECT seq, kind FROM links WHERE kind = 'run' AND julianday(record ->> 'at') < julianday(?1)
	UNION ALL
	SELECT seq, kind FROM links WHERE kind = 'change' AND record ->> 'run' IN (
		SELECT record ->> 'run' FROM links WHERE kind = 'change' GROUP BY record ->> 'run' HAVING max(julianday(record ->> 'at')) < julianday(?1))
		AND record ->> 'run' NOT IN (SELECT value FROM json_each(?2))
) SELECT seq, kind FROM old WHERE EXISTS (SELECT 1 FROM bodies WHERE bodies.seq = old.seq) ORDER BY seq`

// Prune removes the results and snapshots of runs, and the details of changes,
// that were recorded before a time. The chain stays whole: the record of each
// stays with the hash of what was removed, and that it was removed is a link of
// its own. Changes that were pruned can no longer be undone. With dry nothing is
// removed.
//
// The runs of changes that keep names are not over, and keep their details. While
// anybody has a lease, no details of changes are removed: the error is a
// *HeldError then.
func (l *Ledger) Prune(ctx context.Context, before time.Time, dry bool, keep ...string) (Pruning, error) {
	p := Pruning{Before: before.UTC()}
	size, err := l.size(ctx)
	if err != nil {
		return p, err
	}
	list := l.reading
	if !dry {
		list = l.writing
	}
	err = list(ctx, func(conn *sql.Conn) error {
		gone, err := p.find(ctx, conn, keep)
		if err != nil || dry || len(gone) == 0 {
			return err
		}
		if p.Lines > 0 {
			if err := nobodyChanges(ctx, conn, l.Now().UTC()); err != nil {
				return err
			}
		}
		if _, err := l.link(ctx, conn, kindPrune, pruneRecord{l.Now().UTC(), p.Before, gone}, parts()); err != nil {
			return err
		}
		for _, r := range gone {
			if _, err := conn.ExecContext(ctx, "DELETE FROM bodies WHERE seq BETWEEN ? AND ?", r[0], r[1]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || dry {
		return p, err
	}
	freed, err := l.sweep(ctx, &p)
	if err != nil {
		return p, err
	}
	// What was freed inside the file is given back to the disk.
	if _, err := l.db.ExecContext(ctx, "PRAGMA incremental_vacuum"); err != nil {
		return p, l.explain(err)
	}
	after, err := l.size(ctx)
	p.Bytes = freed + size - after
	return p, err
}

// find lists what is old and still has a body.
func (p *Pruning) find(ctx context.Context, conn *sql.Conn, keep []string) (gone seqRanges, err error) {
	kept, err := json.Marshal(append([]string{}, keep...))
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, old, p.Before.Format(time.RFC3339), string(kept))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var seq int
		var kind string
		if err := rows.Scan(&seq, &kind); err != nil {
			return nil, err
		}
		if kind == kindRun {
			p.Runs++
		} else {
			p.Lines++
		}
		gone.add(seq)
	}
	return gone, rows.Err()
}

// size is what the tables take, in bytes.
func (l *Ledger) size(ctx context.Context) (n int64, err error) {
	err = l.db.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("ask for the size: %w", l.explain(err))
	}
	return n, nil
}
