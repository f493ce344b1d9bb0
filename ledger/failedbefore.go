package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

// FailedBefore says for failures in which run of the same scope, the latest
// before a run, each was a failure as well. Those that are not in the answer
// failed in no such run whose results are still there.
func (l *Ledger) FailedBefore(ctx context.Context, run *Run, list []Failure) (map[Failure]RunID, error) {
	open := map[Failure]uint64{}
	for _, f := range list {
		open[f] = f.number()
	}
	found := map[Failure]RunID{}
	for before := run.Link; len(open) > 0; {
		earlier, err := l.Runs(ctx, RunFilter{Scope: run.Scope, Before: before, Limit: 100})
		if err != nil || len(earlier) == 0 {
			return found, err
		}
		for i := range earlier {
			at := &earlier[i]
			before = at.Link
			raw, err := l.failures(ctx, at)
			if err != nil {
				return nil, fmt.Errorf("read what failed in run %s: %w", at.ID, l.explain(err))
			}
			for f, n := range open {
				if failuresHave(raw, n) {
					found[f] = at.ID
					delete(open, f)
				}
			}
		}
	}
	return found, nil
}

// failures are the stored failures of a run; none when they were pruned.
func (l *Ledger) failures(ctx context.Context, run *Run) (raw []byte, err error) {
	var stored []byte
	err = l.db.QueryRowContext(ctx, "SELECT data, hash FROM bodies WHERE seq = ? AND part = ?", run.Link, partFailures).Scan(&raw, &stored)
	switch sum := sha256.Sum256(raw); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case string(sum[:]) != string(stored):
		return nil, brokenPart(run.Link, partFailures)
	case len(raw)%8 != 0:
		return nil, &BrokenError{"bodies", strconv.Itoa(run.Link), "the list of failures is cut off"}
	}
	return raw, nil
}
