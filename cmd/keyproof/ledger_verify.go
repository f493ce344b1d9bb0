package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
)

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
