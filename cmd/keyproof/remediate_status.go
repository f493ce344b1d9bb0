package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// statusOptions are the flags of remediate status.
type statusOptions struct {
	ledger ledgerOptions
	json   bool
	limit  int
}

func newRemediateStatus(sys system) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status [RUN|CHANGE|last]",
		Short: "Say what runs of repairs did, and what is left",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return sys.status(cmd.Context(), &o, name)
		},
	}
	f := cmd.Flags()
	o.ledger.register(cmd)
	f.BoolVar(&o.json, "json", false, "write JSON")
	f.IntVar(&o.limit, "limit", 10, "runs shown, the last ones; 0 shows all")
	return cmd
}

func (sys system) status(ctx context.Context, o *statusOptions, name string) (err error) {
	l, err := sys.openLedger(ctx, &o.ledger)
	if errors.Is(err, ledger.ErrNone) && name == "" && o.ledger.path == "" {
		return sys.printRuns(nil, o)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	j := journal{Ledger: l}
	var runs []*remediator.Run
	if name != "" {
		run, _, err := findRun(ctx, j, name, func(*remediator.Run) bool { return true })
		if err != nil {
			return err
		}
		if run != nil {
			runs = append(runs, run)
		}
	} else if runs, err = remediator.Runs(ctx, j); err != nil {
		return err
	}
	if o.limit > 0 && len(runs) > o.limit {
		runs = runs[len(runs)-o.limit:]
	}
	return sys.printRuns(runs, o)
}

func (sys system) printRuns(runs []*remediator.Run, o *statusOptions) error {
	if o.json {
		return sys.statusJSON(runs)
	}
	if len(runs) == 0 {
		fmt.Fprintln(sys.stdout, "No repairs were made yet.")
	}
	for _, run := range runs {
		say := func(format string, args ...any) { fmt.Fprintln(sys.stdout, cleanf(format, args...)) }
		if run.Pruned {
			say("%s  %s; its details were pruned", run.ID, run.Started.Format("2006-01-02 15:04 MST"))
			for _, r := range run.Records {
				say("  %-10s %s", stateWord(r), r.Change.ID)
			}
			continue
		}
		end := ""
		if !run.Ended {
			end = "; go on with `keyproof remediate resume " + run.ID + o.ledger.flag() + "`"
		}
		say("%s  %s by %s%s", run.ID, run.Started.Format("2006-01-02 15:04 MST"), run.By, end)
		for _, r := range run.Records {
			say("  %-10s %s  %s  %s %s  %s", stateWord(r), r.Change.ID, r.Change.Name, r.Change.Resource.Account, r.Change.Resource.Region, r.Change.Title)
			sayLines(say, "             ", "             ", r.Detail)
			if r.By != "" {
				say("             %s by %s", r.At.Format("2006-01-02 15:04 MST"), r.By)
			}
		}
	}
	return nil
}

// runStatus is a run as status writes it in JSON.
type runStatus struct {
	Run     string         `json:"run"`
	Started string         `json:"started"`
	By      string         `json:"by"`
	Ended   bool           `json:"ended"`
	Pruned  bool           `json:"pruned,omitempty"` // the details are gone
	Changes []changeStatus `json:"changes"`
}

type changeStatus struct {
	*model.Change
	State  model.StepState `json:"state"`
	Detail string          `json:"detail,omitempty"`
	By     string          `json:"by,omitempty"` // who began to make it or to take it back, whichever is later
}

func (sys system) statusJSON(runs []*remediator.Run) error {
	list := []runStatus{}
	for _, run := range runs {
		s := runStatus{Run: run.ID, Started: run.Started.UTC().Format("2006-01-02T15:04:05Z"), By: run.By, Ended: run.Ended, Pruned: run.Pruned, Changes: []changeStatus{}}
		for _, r := range run.Records {
			s.Changes = append(s.Changes, changeStatus{r.Change, r.State, r.Detail, r.By})
		}
		list = append(list, s)
	}
	return sys.writeJSON(list)
}
