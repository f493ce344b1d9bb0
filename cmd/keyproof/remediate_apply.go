package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// applyOptions are the flags of all verbs that write.
type applyOptions struct {
	access      accessOptions
	judge       judgeOptions
	ledger      ledgerOptions
	yes         bool
	maxFailures int
	perMinute   int
	changes     []string
}

// registerChange are the flags that say how changes are made.
func (o *applyOptions) registerChange(cmd *cobra.Command) {
	o.ledger.register(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.yes, "yes", false, "do not ask for confirmation")
	f.IntVar(&o.maxFailures, "max-failures", 1, "stop after this `number` of failed changes")
	f.IntVar(&o.perMinute, "max-per-minute", 60, "begin at most this `number` of changes a minute in an account, of each kind")
}

// registerVerify are the flags that say what judges again.
func (o *applyOptions) registerVerify(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.judge.dirs, "rules", nil, "also judge with the rules in this `directory` or OPA bundle, .tar.gz (repeatable)")
	f.StringVar(&o.judge.config, "config", "", "`file` to read instead of the nearest keyproof.yaml here or above; none reads no file")
	f.StringArrayVar(&o.judge.params, "param", nil, "set a rule's parameter, `RULE.NAME=VALUE`, such as SM-002.max_days=365 (repeatable)")
}

func newRemediateApply(sys system) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply FILE",
		Short: "Make the changes of a plan, and judge again",
		Long: `Make the changes of a plan, one after the other, and judge their resources again.

Before each write the state is read and compared with the plan: what somebody else
changed meanwhile is left alone. A plan that was edited is refused; --change takes
some of its changes.

Ctrl-C lets the call in hand end and says how to go on.

Judging again needs the permissions of a scan beside those of the repairs.

Exit codes: 0 all changes are made and proven, 3 some are made but not proven or
were refused, 1 some failed or the run was stopped, 2 the command line is wrong.`,
		Example: `  keyproof remediate apply changes.json
  keyproof remediate apply changes.json --assume-role arn:aws:iam::111122223333:role/Repair --yes
  keyproof remediate apply changes.json --change chg-0123456789ab`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			plan, err := readChanges(args[0])
			if err != nil {
				return err
			}
			file, err := o.judge.readConfig()
			if err != nil {
				return err
			}
			o.access.configure(file)
			if err := onlyChanges(plan, o.changes); err != nil {
				return err
			}
			if !o.yes && interactive(sys.stdin) {
				sys.printPlan(plan)
			}
			return sys.applyPlan(cmd.Context(), plan, &o, file)
		},
	}
	o.access.registerRepair(cmd)
	o.registerChange(cmd)
	o.registerVerify(cmd)
	cmd.Flags().Var(listFlag{&o.changes}, "change", "make only the change of this `id` (repeatable or with commas)")
	return cmd
}

// onlyChanges keeps some changes of a plan.
func onlyChanges(p *remediator.Plan, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		if !slices.ContainsFunc(p.Changes, func(c *model.Change) bool { return string(c.ID) == id }) {
			return usagef("--change: the plan has no change %s", id)
		}
	}
	p.Changes = slices.DeleteFunc(p.Changes, func(c *model.Change) bool { return !slices.Contains(ids, string(c.ID)) })
	return nil
}

// applyPlan makes the changes of a plan.
func (sys system) applyPlan(ctx context.Context, p *remediator.Plan, o *applyOptions, file *config.Config) (err error) {
	if len(p.Changes) == 0 {
		fmt.Fprintln(sys.stdout, "The plan has no changes.")
		return nil
	}
	o.judge.file = file
	if err := sys.canJudge(ctx, &o.judge, p.Changes); err != nil {
		return err
	}
	access, err := sys.openRepairs(ctx, &o.access, p.Changes)
	if err != nil {
		return err
	}
	j, err := sys.openJournal(ctx, &o.ledger) // before anybody decides what then cannot be done
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	if err := sys.sayMadeBefore(ctx, j, p.Changes, o.ledger.flag()); err != nil {
		return err
	}
	if err := sys.confirm(ctx, o, fmt.Sprintf("Make %s in %s?", counted(len(p.Changes), "change", "changes"), accountsOf(p.Changes))); err != nil {
		return err
	}
	run := sys.newRun()
	fmt.Fprintf(sys.stdout, "run %s\n", run)
	out, err := sys.engine(o, access, j).Apply(ctx, run, p)
	return sys.ended(out, err, o.flags())
}

// sayMadeBefore says which runs made changes of a plan already.
func (sys system) sayMadeBefore(ctx context.Context, j journal, changes []*model.Change, flag string) error {
	runs, err := remediator.Runs(ctx, j)
	if err != nil {
		return err
	}
	for _, run := range runs {
		n := 0
		for _, r := range run.Records {
			if r.Touched() && slices.ContainsFunc(changes, func(c *model.Change) bool { return c.ID == r.Change.ID }) {
				n++
			}
		}
		if n > 0 {
			fmt.Fprintln(sys.stdout, cleanf("run %s of %s made %d of these %s already (`keyproof remediate status %s`); what is so still is judged again, and not written",
				run.ID, run.Started.Format("2006-01-02 15:04 MST"), n, counted(len(changes), "change", "changes"), run.ID+flag))
		}
	}
	return nil
}

// engine is the remediator with the world that it works in.
func (sys system) engine(o *applyOptions, access *repairAccess, j journal) *remediator.Engine {
	return &remediator.Engine{
		Actions: remediator.Actions(), Access: access, Journal: j, Judge: sys.proveAgain(access, &o.judge), By: whoami(), As: access.caller,
		MaxFailures: o.maxFailures, PerMinute: cmp.Or(max(o.perMinute, 0), 60), Now: sys.now,
		Say: func(text string) { fmt.Fprintln(sys.stdout, clean(text)) },
	}
}

// interactive says whether a person is there to be asked.
func interactive(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// confirm asks. Without a person or --yes the answer is no.
func (sys system) confirm(ctx context.Context, o *applyOptions, question string) error {
	if o.yes {
		return nil
	}
	if !interactive(sys.stdin) {
		return usagef("%s Nobody can confirm it here, as this is no terminal: add --yes", question)
	}
	fmt.Fprintf(sys.stderr, "%s Type yes: ", question)
	if !agreed(ctx, sys.stdin) {
		if ctx.Err() != nil {
			fmt.Fprintln(sys.stderr)
		}
		return errors.New("not confirmed: nothing was changed")
	}
	return nil
}

// agreed says whether the answer is yes. Who presses Ctrl-C or ends the program at
// the question has answered: nobody waits for a line any more.
func agreed(ctx context.Context, in io.Reader) bool {
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // no answer is no
		answer <- line
	}()
	select {
	case <-ctx.Done():
		return false
	case line := <-answer:
		return ctx.Err() == nil && strings.TrimSpace(line) == "yes"
	}
}

func accountsOf(changes []*model.Change) string {
	var list []string
	for _, c := range changes {
		list = append(list, c.Resource.Account)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return counted(len(list), "account", "accounts") + " (" + strings.Join(list, ", ") + ")"
}
