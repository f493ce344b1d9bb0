package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

func newRemediateUndo(sys system) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "undo RUN|CHANGE|last",
		Short: "Take a run, or one of its changes, back",
		Long: `Put back the state that was there before a run, the last change first. What
somebody changed since is left alone. What cannot be undone says so.

Changes of the run that were not begun are given up.

Exit codes: 0 all is undone, 3 some cannot be undone or were changed since, 1 some
failed, 2 the command line is wrong.`,
		Example: `  keyproof remediate undo last
  keyproof remediate undo fix-20260314-092653-0a1b2c --yes
  keyproof remediate undo chg-0123456789ab`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return sys.undo(cmd.Context(), &o, args[0]) },
	}
	o.access.registerRepair(cmd)
	o.registerChange(cmd)
	o.registerVerify(cmd)
	return cmd
}

func newRemediateResume(sys system) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "resume [RUN]",
		Short: "Go on with a run that ended in the middle",
		Long: `Go on with a run that was interrupted, killed or stopped by a failure; without a
name, with the last one that has something left. Changes that failed are tried
again, and what reached AWS before the end is not done twice. A run that was being
undone goes on being undone.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return sys.resume(cmd.Context(), &o, strings.Join(args, ""))
		},
	}
	o.access.registerRepair(cmd)
	o.registerChange(cmd)
	o.registerVerify(cmd)
	return cmd
}

func (sys system) resume(ctx context.Context, o *applyOptions, name string) (err error) {
	j, err := sys.openRecorded(ctx, &o.ledger)
	if errors.Is(err, ledger.ErrNone) && lastOf(name) && o.ledger.path == "" {
		fmt.Fprintln(sys.stdout, "Nothing is left to do.")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	run, _, err := findRun(ctx, j, name, func(r *remediator.Run) bool { return !r.Ended })
	if err != nil {
		return err
	}
	if err := notPruned(run); err != nil {
		return err
	}
	left := open(run)
	if len(left) == 0 {
		fmt.Fprintln(sys.stdout, "Nothing is left to do.")
		return nil
	}
	access, err := sys.prepare(ctx, o, left)
	if err != nil {
		return err
	}
	sys.sayRun(run)
	for _, r := range run.Records {
		if r.Open() {
			fmt.Fprintln(sys.stdout, cleanf("%-10s %s  %s\n           undo: %s", stateWord(r), r.Change.Name, r.Change.Title, undoWords(r.Change)))
		}
	}
	if err := sys.confirm(ctx, o, fmt.Sprintf("Go on with run %s, %s in %s?", run.ID, counted(len(left), "change", "changes"), accountsOf(left))); err != nil {
		return err
	}
	out, err := sys.engine(o, access, j).Resume(ctx, run.ID)
	return sys.ended(out, err, o.flags())
}

func (sys system) undo(ctx context.Context, o *applyOptions, name string) (err error) {
	j, err := sys.openRecorded(ctx, &o.ledger)
	if errors.Is(err, ledger.ErrNone) && lastOf(name) && o.ledger.path == "" {
		fmt.Fprintln(sys.stdout, "There is nothing to undo.")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	// The last that changed something, also when it is taken back: who says this twice
	// must not take back another run than was meant.
	run, only, err := findRun(ctx, j, name, undoable)
	if err != nil {
		return err
	}
	if err := notPruned(run); err != nil {
		return err
	}
	list, given := touched(run, only), 0 // given up are changes that were not begun
	for _, c := range open(run) {
		if len(only) == 0 && !slices.Contains(list, c) {
			given++
		}
	}
	switch {
	case run == nil:
		fmt.Fprintln(sys.stdout, "There is nothing to undo.")
		return nil
	case len(list) == 0 && given == 0:
		fmt.Fprintf(sys.stdout, "There is nothing to undo: what run %s changed is taken back. An earlier run is taken back by its id; `keyproof remediate status%s` lists them.\n", run.ID, o.ledger.flag())
		return nil
	}
	access := &repairAccess{}
	if len(list) > 0 {
		if access, err = sys.prepare(ctx, o, list); err != nil {
			return err
		}
	}
	sys.sayRun(run)
	for _, c := range list {
		fmt.Fprintln(sys.stdout, cleanf("%s  %s\n   undo: %s", c.Name, c.Title, undoWords(c)))
	}
	question := fmt.Sprintf("Undo %s in %s?", counted(len(list), "change", "changes"), accountsOf(list))
	if len(list) == 0 {
		question = fmt.Sprintf("Give up %s of run %s, of which none was begun?", counted(given, "change", "changes"), run.ID)
	}
	if err := sys.confirm(ctx, o, question); err != nil {
		return err
	}
	out, err := sys.engine(o, access, j).Undo(ctx, run.ID, only...)
	return sys.ended(out, err, o.flags())
}

// prepare opens the accounts of changes, with what the configuration says.
func (sys system) prepare(ctx context.Context, o *applyOptions, changes []*model.Change) (*repairAccess, error) {
	file, err := o.judge.readConfig()
	if err != nil {
		return nil, err
	}
	o.judge.file = file
	o.access.configure(file)
	return sys.openRepairs(ctx, &o.access, changes)
}

// lastOf says whether a name is that of whatever run is the last.
func lastOf(name string) bool { return cmp.Or(name, "last") == "last" }

// findRun finds a run by its id or a unique beginning of it, by the id of one of
// its changes, or the last one that is wanted: nil when there is none.
func findRun(ctx context.Context, j journal, name string, wanted func(*remediator.Run) bool) (*remediator.Run, []model.ChangeID, error) {
	runs, err := remediator.Runs(ctx, j)
	if err != nil {
		return nil, nil, err
	}
	slices.Reverse(runs) // the last first
	var found []*remediator.Run
	var only []model.ChangeID
	for _, r := range runs {
		switch {
		case lastOf(name):
			if wanted(r) {
				return r, nil, nil
			}
		case strings.HasPrefix(name, "chg-"):
			for _, record := range r.Records {
				// The same change may have been made in several runs.
				if string(record.Change.ID) != name {
					continue
				}
				if record.Before != nil {
					return r, []model.ChangeID{record.Change.ID}, nil
				}
				if len(found) == 0 { // the last that planned it, when it was never begun
					found, only = []*remediator.Run{r}, []model.ChangeID{record.Change.ID}
				}
			}
		case r.ID == name:
			return r, nil, nil
		case strings.HasPrefix(r.ID, name):
			found = append(found, r)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], only, nil
	case len(found) > 1:
		return nil, nil, usagef("%d runs begin with %q: write more of the id", len(found), name)
	case lastOf(name):
		return nil, nil, nil
	}
	return nil, nil, usagef("the ledger %s has no run or change %q: `keyproof remediate status%s` lists them", j.Path(), name, j.Flag)
}

// sayRun says which run is asked about.
func (sys system) sayRun(run *remediator.Run) {
	fmt.Fprintln(sys.stdout, cleanf("run %s of %s, by %s", run.ID, run.Started.Format("2006-01-02 15:04 MST"), run.By))
}

// undoable says whether a run is one that undoing may be about: it may have changed
// something or has something left to do, or had until it was undone.
func undoable(run *remediator.Run) bool {
	return slices.ContainsFunc(run.Records, func(r *remediator.Record) bool {
		return r.Before != nil || r.Detail == remediator.GivenUp || r.Open() && !run.Pruned
	})
}

func notPruned(run *remediator.Run) error {
	if run != nil && run.Pruned {
		return usagef("the details of run %s were pruned from the ledger (`keyproof ledger prune`): it can be neither resumed nor undone", run.ID)
	}
	return nil
}

// open are the changes that resuming would be about.
func open(run *remediator.Run) []*model.Change {
	var list []*model.Change
	if run == nil {
		return nil
	}
	for _, r := range run.Records {
		if r.Open() {
			list = append(list, r.Change)
		}
	}
	return list
}

// touched are the changes that undoing would be about.
func touched(run *remediator.Run, only []model.ChangeID) []*model.Change {
	var list []*model.Change
	if run == nil {
		return nil
	}
	for _, r := range run.Records {
		if r.Touched() && (len(only) == 0 || slices.Contains(only, r.Change.ID)) {
			list = append(list, r.Change)
		}
	}
	return list
}
