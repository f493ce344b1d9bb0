package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/ledger/drift"
	"github.com/keyproof/keyproof/model"
)

// driftOptions are the flags of drift.
type driftOptions struct {
	ledger ledgerOptions
	output string
	failOn string
	limit  int
}

func newDrift(sys system) *cobra.Command {
	var o driftOptions
	cmd := &cobra.Command{
		Use:   "drift [FROM [TO]]",
		Short: "Say what became of failures between two recorded runs, and why",
		Long: `Compare two runs of the ledger: failures that are new, came back, or are gone, and
for each what changed in the resource that made it so: the attributes that the rule
reads, its parameters, its waivers. Resources that are new or gone are listed too.

Without arguments it compares the last run with the one before it of the same
accounts and regions; with one, that run with the last. A run is named by its id or
the beginning of it, last, or last~1.

What is unknown now is not called fixed, and what could not be listed is not called
gone.

Exit codes: 0 nothing new fails, 3 something that did not fail does (--fail-on says
from which severity on), 1 the runs could not be compared, 2 the command line is
wrong.`,
		Example: "  keyproof drift\n  keyproof drift last~7\n  keyproof drift 20261101 20261125 -o json",
		Args:    cobra.MaximumNArgs(2),
		RunE:    func(cmd *cobra.Command, args []string) error { return sys.drift(cmd.Context(), &o, args) },
	}
	o.ledger.register(cmd)
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "text", "`format`: text or json")
	f.StringVar(&o.failOn, "fail-on", "low", "mildest `severity` of a new failure that fails: critical, high, medium, low or info")
	f.IntVar(&o.limit, "limit", 20, "lines of a list in text; 0 shows all")
	return cmd
}

func (sys system) drift(ctx context.Context, o *driftOptions, args []string) (err error) {
	if err := textOrJSON(o.output); err != nil {
		return err
	}
	least, err := model.ParseSeverity(o.failOn)
	if err != nil {
		return usagef("--fail-on: %w", err)
	}
	l, err := sys.openLedger(ctx, &o.ledger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	a, b, err := runsToCompare(ctx, l, args)
	if err != nil {
		return err
	}
	from, doneFrom, err := driftSide(ctx, l, a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, doneFrom()) }()
	to, doneTo, err := driftSide(ctx, l, b)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, doneTo()) }()
	d, err := drift.Between(ctx, from, to, l.FailedBefore)
	if err != nil {
		return err
	}
	if o.output == "json" {
		err = sys.writeJSON(d)
	} else {
		err = sys.driftText(d, o.limit, l.Flag)
	}
	if err == nil && d.Fails(least) {
		err = exitCode(3)
	}
	return err
}

// runsToCompare finds the two runs that the user means, the earlier first.
func runsToCompare(ctx context.Context, l *ledger.Ledger, args []string) (from, to ledger.Run, err error) {
	if len(args) > 0 {
		if from, err = l.Run(ctx, args[0]); err == nil {
			to, err = l.Run(ctx, cmp.Or(append(args[1:], "last")[0], "last"))
		}
		if err == nil && from.ID == to.ID {
			err = usagef("both are run %s: name two runs; `keyproof history%s` lists them", from.ID, l.Flag)
		}
		return from, to, err
	}
	if to, err = l.Run(ctx, "last"); err != nil {
		return from, to, err
	}
	before, err := l.Runs(ctx, ledger.RunFilter{Scope: to.Scope, Before: to.Link, Limit: 1})
	switch {
	case err != nil:
		return from, to, err
	case len(before) == 0:
		return from, to, fmt.Errorf("no run before %s looked at the same accounts and regions: scan again, or name two runs; `keyproof history%s` lists them", to.ID, l.Flag)
	}
	return before[0], to, nil
}

// driftSide opens a run with its snapshot. A run without one can be compared: of
// its resources nothing is said.
func driftSide(ctx context.Context, l *ledger.Ledger, run ledger.Run) (*drift.Side, func() error, error) {
	r, done, err := l.Report(ctx, run.ID)
	if err != nil {
		return nil, nil, err
	}
	side := &drift.Side{Run: run, Report: r}
	if run.Snapshot != nil {
		if side.Snapshot, err = l.Snapshot(ctx, run.ID); err != nil {
			return nil, nil, errors.Join(err, done())
		}
	}
	return side, done, nil
}
