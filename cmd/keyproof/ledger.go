package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
)

func newLedger(sys system) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ledger",
		Short: "Verify the record of runs and changes, and prune it by age",
		Long: `The ledger is one SQLite file with a folder of snapshots beside it. It only grows:
each record holds the hash of the one before, so that nothing in it can be altered,
removed or reordered unnoticed.`,
		Example: `  keyproof ledger verify
  keyproof ledger prune --older-than 400d --dry-run`,
	}
	cmd.AddCommand(newLedgerVerify(sys), newLedgerPrune(sys))
	return cmd
}

func newLedgerVerify(sys system) *cobra.Command {
	var o ledgerOptions
	var head, output string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Make sure that the ledger is as it was recorded",
		Long: `Read everything in the ledger and make sure that it is what was recorded: every
link of the chain, every result, every snapshot. The first thing that is not is
named, with exit code 3.

The chain alone does not show whether somebody made all of it anew, or cut off its
end. Keep the hash that is printed somewhere else (each evidence bundle holds it):
with --head the ledger must still contain it.`,
		Example: `  keyproof ledger verify
  keyproof ledger verify --ledger /mnt/audit/ledger.db -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return sys.verifyLedger(cmd.Context(), &o, head, output)
		},
	}
	o.register(cmd)
	cmd.Flags().StringVar(&head, "head", "", "`hash` of a link that was printed earlier, which the ledger must contain")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "`format`: text or json")
	return cmd
}

func (sys system) verifyLedger(ctx context.Context, o *ledgerOptions, head, output string) (err error) {
	if err := textOrJSON(output); err != nil {
		return err
	}
	var anchor *ledger.Hash
	if head != "" {
		anchor = new(ledger.Hash)
		if err := anchor.UnmarshalText([]byte(head)); err != nil {
			return usagef("--head: %w", err)
		}
	}
	l, err := sys.openLedger(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	v, err := l.Verify(ctx, anchor)
	var broken *ledger.BrokenError
	switch {
	case errors.As(err, &broken) && output == "json":
		err = errors.Join(sys.writeJSON(map[string]any{"ledger": l.Path(), "whole": false, "table": broken.Table, "row": broken.Row, "what": broken.What}), exitCode(3))
	case errors.As(err, &broken):
		fmt.Fprintf(sys.stdout, "BROKEN  %s\n%s, row %s: %s\n", clean(l.Path()), broken.Table, broken.Row, clean(broken.What))
		err = exitCode(3)
	case err != nil:
	case output == "json":
		err = sys.writeJSON(map[string]any{"ledger": l.Path(), "whole": true, "verified": v})
	default:
		fmt.Fprintf(sys.stdout, "WHOLE  %s\n%s in the chain: %s, %s of changes, %s. %s checked; %s pruned.\nhead %s\n", clean(l.Path()),
			counted(v.Head.Links, "link", "links"), counted(v.Runs, "run", "runs"), counted(v.Lines, "line", "lines"), counted(v.Prunings, "pruning", "prunings"),
			counted(v.Snapshots, "snapshot", "snapshots"), counted(v.Pruned, "body", "bodies"), v.Head.Hash)
	}
	return err
}

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

Changes that were pruned can no longer be undone or resumed.`,
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
	p, err := l.Prune(ctx, before, dry)
	if err != nil {
		return err
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

func textOrJSON(output string) error {
	if output != "text" && output != "json" {
		return usagef("--output %q: write text or json", output)
	}
	return nil
}

func (sys system) writeJSON(v any) error {
	enc := json.NewEncoder(sys.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// counted writes "1 run" or "12 runs".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
