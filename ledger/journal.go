package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/keyproof/keyproof/model"
)

// changeRecord is the record of a line of the journal: what finds it, and what
// stays of it when its body is pruned. The body is the whole line.
type changeRecord struct {
	Run    string          `json:"run"`
	Change model.ChangeID  `json:"change"`
	Step   string          `json:"step"`
	State  model.StepState `json:"state"`
	At     time.Time       `json:"at"`
	Body   Hash            `json:"body"`
}

// Append adds a line to the journal of changes. It is on the disk when Append
// returns without an error, and not there when it returns one.
func (l *Ledger) Append(ctx context.Context, e model.JournalEntry) error {
	err := l.writing(ctx, func(conn *sql.Conn) error { return l.appendLine(ctx, conn, e) })
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}

func (l *Ledger) appendLine(ctx context.Context, conn *sql.Conn, e model.JournalEntry) error {
	e.At = e.At.UTC()
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	record := changeRecord{e.Run, e.Change, e.Step, e.State, e.At, bodyHash([]Hash{sha256.Sum256(raw)})}
	_, err = l.link(ctx, conn, kindChange, record, parts(part{0, raw}))
	return err
}

func parts(list ...part) iter.Seq2[part, error] {
	return func(yield func(part, error) bool) {
		for _, p := range list {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// EntryFilter says which lines of the journal are wanted; empty members mean all.
type EntryFilter struct {
	Run    string
	Change model.ChangeID
}

// Entries returns lines of the journal in the order in which they were written.
// Of a line that was pruned, Detail and Data are empty. Lines that are appended
// while the sequence is read come at its end.
func (l *Ledger) Entries(ctx context.Context, f EntryFilter) iter.Seq2[model.JournalEntry, error] {
	query, args := entriesQuery(f)
	return func(yield func(model.JournalEntry, error) bool) {
		for after := 0; ; {
			// In pages, so that who reads may write meanwhile.
			page, last, err := l.entries(ctx, query, append([]any{after}, args...))
			if err != nil {
				yield(model.JournalEntry{}, fmt.Errorf("read the journal: %w", l.explain(err)))
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
			after = last
		}
	}
}

// entriesQuery asks for a page of lines after a link; its arguments follow that.
func entriesQuery(f EntryFilter) (query string, args []any) {
	query = `SELECT links.seq, record, data FROM links LEFT JOIN bodies ON bodies.seq = links.seq AND part = 0
		WHERE kind = 'change' AND links.seq > ?`
	if f.Run != "" {
		query, args = query+" AND record ->> 'run' = ?", append(args, f.Run)
	}
	if f.Change != "" {
		query, args = query+" AND record ->> 'change' = ?", append(args, string(f.Change))
	}
	return query + " ORDER BY links.seq LIMIT 500", args
}

func (l *Ledger) entries(ctx context.Context, query string, args []any) (page []model.JournalEntry, last int, err error) {
	rows, err := l.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var record, body []byte
		if err := rows.Scan(&last, &record, &body); err != nil {
			return nil, 0, err
		}
		e, err := entry(record, body)
		if err != nil {
			return nil, 0, fmt.Errorf("link %d: %w; `keyproof ledger verify%s` says what is wrong", last, err, l.Flag)
		}
		page = append(page, e)
	}
	return page, last, rows.Err()
}

func entry(record, body []byte) (e model.JournalEntry, err error) {
	if body != nil {
		return e, json.Unmarshal(body, &e)
	}
	var r changeRecord
	err = json.Unmarshal(record, &r)
	return model.JournalEntry{Run: r.Run, Change: r.Change, Step: r.Step, State: r.State, At: r.At}, err
}
