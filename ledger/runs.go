package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// RunFilter says which runs are wanted; empty members mean all.
type RunFilter struct {
	Scope  string // as in Run
	Before int    // those whose Link is smaller
	Limit  int    // how many at most; 0 is all
}

// selectRunByID finds by prefix. The index must be named: by itself SQLite reads all
// runs, not knowing how many there are.
const selectRunByID = `SELECT seq, record, hash, NOT EXISTS (SELECT 1 FROM bodies WHERE bodies.seq = links.seq) FROM links INDEXED BY runs_id
	WHERE kind = 'run' AND record ->> 'id' >= ? AND record ->> 'id' < ? ORDER BY record ->> 'id' LIMIT 4`

const selectRuns = `SELECT seq, record, hash, NOT EXISTS (SELECT 1 FROM bodies WHERE bodies.seq = links.seq) FROM links WHERE kind = 'run'`

// Runs returns runs, the latest first.
func (l *Ledger) Runs(ctx context.Context, f RunFilter) ([]Run, error) {
	query, args := selectRuns, []any(nil)
	if f.Scope != "" {
		query, args = query+" AND record ->> 'scope' = ?", append(args, f.Scope)
	}
	if f.Before > 0 {
		query, args = query+" AND seq < ?", append(args, f.Before)
	}
	query += " ORDER BY seq DESC"
	if f.Limit > 0 {
		query, args = query+" LIMIT ?", append(args, f.Limit)
	}
	return l.runs(ctx, l.db, query, args...)
}

func (l *Ledger) runs(ctx context.Context, q interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}, query string, args ...any) (list []Run, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, l.explain(err)
	}
	defer func() { err = errors.Join(err, l.explain(rows.Close())) }()
	for rows.Next() {
		var run Run
		var record, hash []byte
		if err := rows.Scan(&run.Link, &record, &hash, &run.Pruned); err != nil {
			return nil, l.explain(err)
		}
		if err := json.Unmarshal(record, &run); err != nil {
			return nil, fmt.Errorf("read the run of link %d: %w; `keyproof ledger verify%s` says what is wrong", run.Link, err, l.Flag)
		}
		copy(run.Hash[:], hash)
		list = append(list, run)
	}
	return list, l.explain(rows.Err())
}

// Run finds a run by what a user types: its id or the beginning of it, "last",
// or "last~2" for two before the last.
func (l *Ledger) Run(ctx context.Context, ref string) (Run, error) {
	back, isLast, err := parseLast(ref)
	var found []Run
	switch {
	case err != nil:
		return Run{}, err
	case isLast:
		found, err = l.runs(ctx, l.db, selectRuns+" ORDER BY seq DESC LIMIT 1 OFFSET ?", back)
	default:
		found, err = l.runs(ctx, l.db, selectRunByID, ref, ref+"\x7f")
	}
	switch {
	case err != nil:
		return Run{}, err
	case len(found) == 0:
		return Run{}, fmt.Errorf("the ledger %s has no run %q: `keyproof history%s` lists them", l.path, ref, l.Flag)
	case len(found) > 1 && string(found[0].ID) != ref:
		return Run{}, fmt.Errorf("%q begins the ids of several runs: write more of one of %s", ref, ids(found))
	}
	return found[0], nil
}

func parseLast(ref string) (back int, isLast bool, err error) {
	if ref == "" || ref == "last" {
		return 0, true, nil
	}
	n, ok := strings.CutPrefix(ref, "last~")
	if !ok {
		return 0, false, nil
	}
	back, err = strconv.Atoi(n)
	if err != nil || back < 0 {
		return 0, true, fmt.Errorf("run %q: write last~1 for the run before the last", ref)
	}
	return back, true, nil
}

// ids lists some ids, for a message.
func ids(runs []Run) string {
	var list []string
	for i := range runs {
		list = append(list, string(runs[i].ID))
	}
	if len(list) > 3 {
		list[3] = "…"
	}
	return strings.Join(list, ", ")
}
