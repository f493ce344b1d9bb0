package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
)

func newHistory(sys system) *cobra.Command {
	var o ledgerOptions
	var limit int
	var output string
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List the recorded runs, and whether it gets better",
		Long: `List the runs of the ledger, the latest first, with their numbers and how many
failures more or less each has than the run of the same accounts and regions before
it. Below stands how failures went, by severity and by framework, over the runs of
the same scope as the latest.`,
		Example: "  keyproof history\n  keyproof history --limit 0 -o json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return sys.history(cmd.Context(), &o, limit, output) },
	}
	o.register(cmd)
	cmd.Flags().IntVar(&limit, "limit", 20, "how many runs to show; 0 shows all")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "`format`: text or json")
	return cmd
}

// pastRun is a run as history writes it.
type pastRun struct {
	ledger.Run
	Link   int         `json:"link"`
	Hash   ledger.Hash `json:"hash"`
	Pruned bool        `json:"pruned"`
	// Before is the run of the same scope before it, and FailDelta how many failures
	// more it has than that; both are empty for the first.
	Before    ledger.RunID `json:"before,omitempty"`
	FailDelta *int         `json:"fail_delta,omitempty"`
}

func (sys system) history(ctx context.Context, o *ledgerOptions, limit int, output string) (err error) {
	if err := textOrJSON(output); err != nil {
		return err
	}
	if limit < 0 {
		return usagef("--limit %d: write how many runs to show, or 0 for all", limit)
	}
	l, err := sys.openLedger(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	runs, err := pastRuns(ctx, l, limit)
	if err != nil {
		return err
	}
	switch {
	case output == "json":
		return sys.writeJSON(map[string]any{"ledger": l.Path(), "runs": runs})
	case len(runs) == 0:
		fmt.Fprintf(sys.stdout, "the ledger %s has no runs yet: `keyproof scan%s` records one\n", clean(l.Path()), l.Flag)
		return nil
	default:
		return sys.historyText(runs)
	}
}

// pastRuns reads runs, the latest first, and compares each with the one before
// it of the same scope.
func pastRuns(ctx context.Context, l *ledger.Ledger, limit int) ([]pastRun, error) {
	runs, err := l.Runs(ctx, ledger.RunFilter{Limit: limit})
	if err != nil {
		return nil, err
	}
	list := make([]pastRun, len(runs)) // [] in JSON when there are none
	later := map[string]int{}          // by scope, the place of the run after this one
	for i := range runs {
		run := &runs[i]
		list[i] = pastRun{Run: *run, Link: run.Link, Hash: run.Hash, Pruned: run.Pruned}
		if j, ok := later[run.Scope]; ok {
			list[j].compare(run)
		}
		later[run.Scope] = i
	}
	for scope, i := range later { // whose run before it is not in the list
		before, err := l.Runs(ctx, ledger.RunFilter{Scope: scope, Before: list[i].Link, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(before) > 0 {
			list[i].compare(&before[0])
		}
	}
	return list, nil
}

func (p *pastRun) compare(before *ledger.Run) {
	more := p.Counts.Fail - before.Counts.Fail
	p.Before, p.FailDelta = before.ID, &more
}
