package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/keyproof/keyproof/model"
)

// Report returns the report of a run as it was recorded. Its results are read
// from the ledger each time they are iterated over; done ends that, and makes
// room for other readers. What was recorded is checked against the chain's hash
// of it on the way.
func (l *Ledger) Report(ctx context.Context, id RunID) (r *model.Report, done func() error, err error) {
	run, err := l.Run(ctx, string(id))
	if err != nil {
		return nil, nil, err
	}
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return nil, nil, l.explain(err)
	}
	// In one transaction, so that retention in another process does not matter.
	if _, err = conn.ExecContext(ctx, "BEGIN"); err == nil {
		b := &body{ledger: l, conn: conn, run: &run}
		if r, err = b.report(ctx); err == nil {
			return r, b.done, nil
		}
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return nil, nil, errors.Join(fmt.Errorf("read run %s: %w", run.ID, l.explain(err)), conn.Close())
}

// body reads the body of a run.
type body struct {
	ledger *Ledger
	conn   *sql.Conn
	run    *Run
	hashes []Hash // by part
}

func (b *body) done() error {
	_, err := b.conn.ExecContext(context.Background(), "ROLLBACK")
	return errors.Join(b.ledger.explain(err), b.conn.Close())
}

func (b *body) report(ctx context.Context) (*model.Report, error) {
	var err error
	if b.hashes, err = partHashes(ctx, b.conn, b.run.Link); err != nil {
		return nil, err
	}
	switch {
	case len(b.hashes) == 0:
		return nil, ErrPruned
	case bodyHash(b.hashes) != b.run.Body:
		return nil, &BrokenError{"bodies", strconv.Itoa(b.run.Link), "its parts are not those that the link recorded"}
	case b.run.Form != bodyForm:
		return nil, fmt.Errorf("it is stored in form %d, this keyproof reads form %d: use a later keyproof", b.run.Form, bodyForm)
	}
	raw, err := b.part(ctx, partDocument)
	if err != nil {
		return nil, err
	}
	d, err := decodeDocument(raw)
	if err != nil {
		return nil, err
	}
	d.Report.Results = b.results(ctx, d.Results)
	return d.Report, nil
}

// results reads a block at a time, so that nothing is held while results are
// looked at.
func (b *body) results(ctx context.Context, want int) iter.Seq2[*model.Result, error] {
	return func(yield func(*model.Result, error) bool) {
		reader, err := newBlockReader()
		if err != nil {
			yield(nil, err)
			return
		}
		defer reader.close()
		n := 0
		for p := partResults; p < len(b.hashes); p++ {
			raw, err := b.part(ctx, p)
			if err != nil {
				yield(nil, fmt.Errorf("read run %s: %w", b.run.ID, b.ledger.explain(err)))
				return
			}
			for res, err := range reader.results(raw) {
				if err != nil {
					yield(nil, fmt.Errorf("read run %s, part %d: %w", b.run.ID, p, err))
					return
				}
				if n++; !yield(res, nil) {
					return
				}
			}
		}
		if n != want {
			yield(nil, fmt.Errorf("run %s has %d results where %d were recorded", b.run.ID, n, want))
		}
	}
}

// part reads one part, which must be what was recorded.
func (b *body) part(ctx context.Context, n int) (raw []byte, err error) {
	if n >= len(b.hashes) {
		return nil, fmt.Errorf("it has no part %d", n)
	}
	if err := b.conn.QueryRowContext(ctx, "SELECT data FROM bodies WHERE seq = ? AND part = ?", b.run.Link, n).Scan(&raw); err != nil {
		return nil, err
	}
	if sha256.Sum256(raw) != b.hashes[n] {
		return nil, brokenPart(b.run.Link, n)
	}
	return raw, nil
}

func brokenPart(link, part int) error {
	return &BrokenError{"bodies", fmt.Sprintf("%d part %d", link, part), "the data is not what was recorded: its hash differs"}
}

// partHashes returns the hashes of the parts of a link, which must be numbered
// from 0 without a hole.
func partHashes(ctx context.Context, conn *sql.Conn, link int) (list []Hash, err error) {
	rows, err := conn.QueryContext(ctx, "SELECT part, hash FROM bodies WHERE seq = ? ORDER BY part", link)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		var raw []byte
		if err := rows.Scan(&n, &raw); err != nil {
			return nil, err
		}
		if n != len(list) || len(raw) != len(Hash{}) {
			return nil, &BrokenError{"bodies", fmt.Sprintf("%d part %d", link, n), "the parts do not follow each other, or a hash is none"}
		}
		list = append(list, Hash(raw))
	}
	return list, rows.Err()
}
