package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
	"github.com/keyproof/keyproof/reports/evidence"
)

// recordedRun takes a run from the ledger, with the rules that it was judged with
// then.
func (sys system) recordedRun(ctx context.Context, o *exportOptions) (e *exported, done func() error, err error) {
	if o.judge.given() || o.failOn != "" {
		return nil, nil, usagef("a run has its own rules, settings and verdict: leave out the flags about them, or bundle a saved snapshot with --from")
	}
	l, err := sys.openLedger(ctx, &o.ledger)
	if err != nil {
		return nil, nil, err
	}
	closers := []func() error{l.Close}
	free := func() (err error) {
		for i := range closers {
			err = errors.Join(err, closers[len(closers)-1-i]())
		}
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, free())
		}
	}()
	run, err := l.Run(ctx, cmp.Or(o.run, "last"))
	if err != nil {
		return nil, nil, err
	}
	archive, err := l.Rules(ctx, run.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: bundle a saved snapshot with --from", err)
	}
	recipe, err := openRecipe(archive)
	if err != nil {
		return nil, nil, fmt.Errorf("the rules of run %s: %w", run.ID, err)
	}
	snapshot, err := l.SnapshotFile(ctx, run.ID)
	if err != nil {
		return nil, nil, err
	}
	report, release, err := l.Report(ctx, run.ID)
	if err != nil {
		return nil, nil, err
	}
	closers = append(closers, release)
	return &exported{
		about: evidence.About{
			Run: string(run.ID), Source: run.Source, TakenAt: run.TakenAt, Tool: sys.version, Verdict: run.Verdict,
			// Of the run's own link, so that a later run changes nothing in the bundle.
			LedgerHead: run.Hash.String(),
		},
		report: report, snapshot: snapshot, recipe: recipe,
		options: reports.Options{Verdict: recordedVerdict(&run), Policy: model.VerdictPolicy{MinSeverity: run.MinSeverity}},
	}, free, nil
}
