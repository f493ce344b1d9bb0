package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/remediator"
)

func newLedgerPrune(sys system) *cobra.Command {
	var o ledgerOptions
	var age string
	var dry bool
	cmd := &cobra.Command{
		Use:   "prune --older-than AGE",
		Short: "Remove the results and snapshots of old runs, and the details of old changes",
		Long: `Remove what old records hold: results and snapshots of runs, details of changes. What
was counted stays, and so does the hash of what was removed: the chain can still be
verified, and that something was pruned is recorded in it.

Changes that were pruned can no longer be undone or resumed. Runs of changes that are
not ended keep their details, whatever their age.`,
		Example: "  keyproof ledger prune --older-than 400d --dry-run\n  keyproof ledger prune --older-than 400d",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return sys.pruneLedger(cmd.Context(), &o, age, dry)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&age, "older-than", "", "`age` from which on records are pruned: 400d, 18m (months), 2y")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be removed, and remove nothing")
	_ = cmd.MarkFlagRequired("older-than") // it fails only for a flag that does not exist
	return cmd
}

func (sys system) pruneLedger(ctx context.Context, o *ledgerOptions, age string, dry bool) (err error) {
	before, err := ageAgo(sys.now(), age)
	if err != nil {
		return err
	}
	path, _, err := o.file(sys)
	if err != nil {
		return usageError{err}
	}
	there, err := sys.openLedger(ctx, o) // does not make one
	if err != nil {
		return err
	}
	if err := there.Close(); err != nil {
		return err
	}
	l, err := ledger.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	l.Now = sys.now
	unended, err := unendedRuns(ctx, journal{Ledger: l})
	if err != nil {
		return err
	}
	p, err := l.Prune(ctx, before, dry, slices.Collect(maps.Keys(unended))...)
	var held *ledger.HeldError
	if errors.As(err, &held) {
		return fmt.Errorf("nothing was pruned, changes are being made: %w", err)
	}
	if err != nil {
		return err
	}
	for _, run := range slices.Sorted(maps.Keys(unended)) {
		if unended[run].Before(before) {
			fmt.Fprintf(sys.stderr, "run %s is not ended and keeps its details: go on with `keyproof remediate resume %s`, or take it back with `keyproof remediate undo %s`\n",
				clean(run), clean(run)+o.flag(), clean(run)+o.flag())
		}
	}
	what := fmt.Sprintf("the results and snapshots of %s and the details of %s of changes, recorded before %s",
		counted(p.Runs, "run", "runs"), counted(p.Lines, "line", "lines"), p.Before.Format(time.RFC3339))
	if dry {
		fmt.Fprintf(sys.stdout, "would remove %s\n", what)
		return nil
	}
	fmt.Fprintf(sys.stdout, "removed %s, and %s: %.1f MiB less\n", what, counted(p.Files, "file", "files"), float64(p.Bytes)/(1<<20))
	return nil
}

// unendedRuns are the runs of changes that have something left to do, with the time
// of their beginning.
func unendedRuns(ctx context.Context, j journal) (map[string]time.Time, error) {
	runs, err := remediator.Runs(ctx, j)
	if err != nil {
		return nil, err
	}
	list := map[string]time.Time{}
	for _, run := range runs {
		if !run.Ended {
			list[run.ID] = run.Started
		}
	}
	return list, nil
}

// ageAgo is the time an age before now: whole days, months or years.
func ageAgo(now time.Time, age string) (time.Time, error) {
	wrong := usagef("--older-than %q: write 400d, 18m (months) or 2y", age)
	if age == "" {
		return time.Time{}, wrong
	}
	n, err := strconv.Atoi(age[:len(age)-1])
	if err != nil || n < 0 || n > 1<<16 || strings.HasPrefix(age, "+") {
		return time.Time{}, wrong
	}
	switch age[len(age)-1] {
	case 'd':
		return now.UTC().AddDate(0, 0, -n), nil
	case 'm':
		return now.UTC().AddDate(0, -n, 0), nil
	case 'y':
		return now.UTC().AddDate(-n, 0, 0), nil
	default:
		return time.Time{}, wrong
	}
}
