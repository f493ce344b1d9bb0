package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
)

// ledgerOptions say where the record is kept.
type ledgerOptions struct {
	path string // of --ledger; empty for the usual place
	off  bool   // of --no-ledger
	// asked records only where --ledger says to: the example account is nobody's
	// history.
	asked bool
}

// register adds --ledger to a command that works on the record.
func (o *ledgerOptions) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.path, "ledger", "", "the ledger's `file` (default $KEYPROOF_LEDGER, or keyproof/ledger.db in $XDG_STATE_HOME or ~/.local/state)")
}

// registerRecording adds the flags of a command that records what it did.
func (o *ledgerOptions) registerRecording(cmd *cobra.Command) {
	o.register(cmd)
	cmd.Flags().BoolVar(&o.off, "no-ledger", false, "do not record the run")
}

// file is where the ledger is. named says that the user chose the place; then it
// matters when nothing can be recorded there.
func (o *ledgerOptions) file(sys system) (path string, named bool, err error) {
	if o.path != "" {
		return o.path, true, nil
	}
	if path := sys.env("KEYPROOF_LEDGER"); path != "" {
		return path, true, nil
	}
	// https://specifications.freedesktop.org/basedir-spec: a relative path in the
	// variable is to be ignored.
	state := sys.env("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		state = ""
	}
	if home := sys.env("HOME"); state == "" && home != "" {
		state = filepath.Join(home, ".local", "state")
	}
	if state == "" && runtime.GOOS == "windows" {
		state = sys.env("LOCALAPPDATA")
	}
	if state == "" {
		return "", false, errors.New("no place for the ledger is known, HOME is not set: name a file with --ledger FILE")
	}
	return filepath.Join(state, "keyproof", "ledger.db"), false, nil
}

func (sys system) env(name string) string {
	if sys.getenv == nil {
		return ""
	}
	return sys.getenv(name)
}

// openLedger opens the record for reading.
func (sys system) openLedger(ctx context.Context, o *ledgerOptions) (*ledger.Ledger, error) {
	path, _, err := o.file(sys)
	if err != nil {
		return nil, usageError{err}
	}
	l, err := ledger.OpenExisting(ctx, path)
	if err != nil {
		return nil, err
	}
	l.Now, l.Flag = sys.now, o.flag()
	return l, nil
}

// records says whether the run is to be recorded at all.
func (o *ledgerOptions) records() bool { return !o.off && (!o.asked || o.path != "") }

// canRecord says before a scan, and not after an hour of it, that its run could not
// be recorded: as recordRun does then.
func (sys system) canRecord(ctx context.Context, o *ledgerOptions) error {
	if !o.records() {
		return nil
	}
	path, named, err := o.file(sys)
	if err == nil {
		err = ledger.Check(ctx, path)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return err
	case named:
		return fmt.Errorf("nothing was scanned, since the run could not be recorded: %w", err)
	default:
		fmt.Fprintf(sys.stderr, "warning: the run will not be recorded: %s (--no-ledger is not to record)\n", clean(err.Error()))
		o.off = true
		return nil
	}
}

// recordRun adds a run to the ledger and says so. When that cannot be done, it is
// an error if the user named the ledger, and else a warning: a scan is worth
// having without its record. It returns the runs before, for the trend in reports.
func (sys system) recordRun(ctx context.Context, o *scanOptions, r *model.Report, snap *model.Snapshot, v model.Verdict, p model.VerdictPolicy) ([]model.RunSummary, error) {
	if !o.ledger.records() {
		return nil, nil
	}
	path, named, err := o.ledger.file(sys)
	if err == nil {
		var run ledger.Run
		var before []model.RunSummary
		if run, before, err = sys.append(ctx, path, &o.judge, r, snap, v, p); err == nil {
			fmt.Fprintf(sys.stderr, "recorded as run %s; see `keyproof history%s`\n", run.ID, o.ledger.flag())
			return before, nil
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, err
	case named:
		return nil, fmt.Errorf("the run was not recorded: %w", err)
	default:
		fmt.Fprintf(sys.stderr, "warning: the run was not recorded: %s (--no-ledger is not to record)\n", clean(err.Error()))
		return nil, nil
	}
}

// append records the run with the rules that it was judged with.
func (sys system) append(ctx context.Context, path string, o *judgeOptions, r *model.Report, snap *model.Snapshot, v model.Verdict, p model.VerdictPolicy) (run ledger.Run, before []model.RunSummary, err error) {
	recipe, err := o.recipe()
	if err != nil {
		return run, nil, err
	}
	rules, err := recipe.archive()
	if err != nil {
		return run, nil, err
	}
	l, err := ledger.Open(ctx, path)
	if err != nil {
		return run, nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	l.Now = sys.now
	if run, err = l.AppendRun(ctx, r, snap, v, p, rules); err != nil {
		return run, nil, err
	}
	before, err = runsBefore(ctx, l, &run)
	return run, before, err
}

// trendRuns is how many earlier runs a report is told of.
const trendRuns = 29

// runsBefore are the earlier runs of the same accounts and regions, oldest first.
func runsBefore(ctx context.Context, l *ledger.Ledger, run *ledger.Run) ([]model.RunSummary, error) {
	runs, err := l.Runs(ctx, ledger.RunFilter{Scope: run.Scope, Before: run.Link, Limit: trendRuns})
	var list []model.RunSummary
	for i := range runs {
		list = append(list, model.RunSummary{ID: string(runs[i].ID), TakenAt: runs[i].TakenAt, Verdict: recordedVerdict(&runs[i]), Counts: runs[i].Counts})
	}
	slices.Reverse(list)
	return list, err
}
