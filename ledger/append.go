package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"

	"github.com/keyproof/keyproof/model"
)

// AppendRun records a report with all its results and the snapshot that it rests
// on; snap may be nil. rules are the rules and settings that it was judged with, in
// whatever form the caller keeps them; nil for none. verdict is the answer that the user saw, under policy. It
// is all on the disk when AppendRun returns without an error, and nothing of it
// is in the record when it returns one. Memory does not grow with the report.
func (l *Ledger) AppendRun(ctx context.Context, r *model.Report, snap *model.Snapshot, verdict model.Verdict, policy model.VerdictPolicy, rules []byte) (run Run, err error) {
	spool, err := newPartSpool()
	if err != nil {
		return Run{}, err
	}
	defer func() { err = errors.Join(err, spool.close()) }()
	head, err := spoolResults(ctx, r, spool)
	if err != nil {
		return Run{}, err
	}
	run = describe(r, verdict, policy)
	body, err := hashParts(head, spool)
	if err != nil {
		return Run{}, err
	}
	run.Body = body
	l.at("spooled")
	if snap != nil {
		hash, err := l.keepSnapshot(snap)
		if err != nil {
			return Run{}, err
		}
		run.Snapshot = &hash
	}
	if rules != nil {
		hash, err := l.keepRules(rules)
		if err != nil {
			return Run{}, err
		}
		run.Rules = &hash
	}
	err = l.writing(ctx, func(conn *sql.Conn) error { return l.linkRun(ctx, conn, &run, head, spool) })
	if err != nil {
		return Run{}, fmt.Errorf("record the run: %w", err)
	}
	return run, nil
}

// spoolResults puts the results into blocks, and returns the parts that come
// before them.
func spoolResults(ctx context.Context, r *model.Report, spool *partSpool) ([]part, error) {
	w, err := newBlockWriter(func(block []byte) error { return errors.Join(ctx.Err(), spool.put(block)) })
	if err != nil {
		return nil, err
	}
	var failures []uint64
	n := 0
	for res, err := range r.Results {
		if err == nil {
			err = w.add(res)
		}
		if err != nil {
			return nil, fmt.Errorf("record the results: %w", err)
		}
		if n++; res.Status == model.StatusFail {
			failures = append(failures, Failure{res.Rule, res.Resource}.number())
		}
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	doc, err := encodeDocument(r, n)
	return []part{{partDocument, doc}, {partFailures, encodeFailures(failures)}}, err
}

func hashParts(head []part, spool *partSpool) (Hash, error) {
	var sums []Hash
	for p, err := range bodyOf(head, spool) {
		if err != nil {
			return Hash{}, err
		}
		sums = append(sums, sha256.Sum256(p.data))
	}
	return bodyHash(sums), nil
}

func bodyOf(head []part, spool *partSpool) iter.Seq2[part, error] {
	return func(yield func(part, error) bool) {
		for _, p := range head {
			if !yield(p, nil) {
				return
			}
		}
		spool.parts(partResults)(yield)
	}
}

func (l *Ledger) linkRun(ctx context.Context, conn *sql.Conn, run *Run, head []part, spool *partSpool) error {
	for _, path := range l.filesOf(run) {
		// Retention removes files that no run refers to, and this one is not in the
		// record yet.
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("what it rests on was removed before the run was recorded: run it again: %w", err)
		}
	}
	prev, err := readHead(ctx, conn)
	if err != nil {
		return err
	}
	run.At = l.Now().UTC()
	for try, taken := 0, true; taken; try++ {
		run.ID = newID(run.At, prev.Hash, run, try)
		if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM links WHERE kind = 'run' AND record ->> 'id' = ?)", string(run.ID)).Scan(&taken); err != nil {
			return err
		}
	}
	h, err := l.link(ctx, conn, kindRun, run, bodyOf(head, spool))
	run.Link, run.Hash = h.Links, h.Hash
	return err
}
