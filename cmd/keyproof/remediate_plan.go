package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// planOptions are the flags of remediate plan.
type planOptions struct {
	scan      scanOptions
	apply     applyOptions // with --apply
	run       string
	actions   []string
	resources []string
	accounts  []string
	set       []string
	max       int
	output    string
	offline   bool
	atOnce    bool
}

func newRemediatePlan(sys system) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Say what would be changed, and what cannot be",
		Long: `Scan, or take a stored run or a saved snapshot, and plan a change for each failure
that can be repaired: the state before and after, who notices, what it costs, and
whether it can be undone. Failures that cannot be repaired are listed with the
reason and what to do instead.

A plan writes nothing. It asks AWS whether each change would work, with calls that
change nothing; --offline leaves that to apply.

Waived failures are left alone, and what is unknown cannot be repaired.`,
		Example: `  keyproof remediate plan --region eu-west-1 -o changes.json
  keyproof remediate plan --run last --rule SM-001 --resource 'payments/*' \
      --set enable-rotation.function=rotate-postgres -o changes.json
  keyproof remediate plan --from today.ndjson.zst --offline`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sys.remediatePlan(cmd.Context(), &o) },
	}
	o.scan.access.register(cmd)
	o.scan.judge.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.scan.from, "from", "", "plan for a saved snapshot, a `file` of scan --save")
	f.StringVar(&o.run, "run", "", "plan for a run of the ledger: its `id`, last, last~1 …")
	f.Var(listFlag{&o.actions}, "action", "plan this `action` only (repeatable or with commas)")
	f.StringArrayVar(&o.resources, "resource", nil, "plan for this `name` or ARN only; * is any characters (repeatable)")
	f.Var(listFlag{&o.accounts}, "account", "plan for this `account` only (repeatable or with commas)")
	f.StringArrayVar(&o.set, "set", nil, "how an action works, `ACTION.NAME=VALUE` (repeatable)")
	f.IntVar(&o.max, "max-changes", 0, "plan at most this `number` of changes; 0 for all")
	f.StringVarP(&o.output, "output", "o", "", "write the plan to this `file`, for apply")
	f.BoolVar(&o.offline, "offline", false, "do not ask AWS whether the changes would work")
	f.BoolVar(&o.atOnce, "apply", false, "apply the plan at once, after confirmation")
	f.BoolVarP(&o.scan.quiet, "quiet", "q", false, "show no progress")
	o.apply.registerChange(cmd)
	return cmd
}

func (sys system) remediatePlan(ctx context.Context, o *planOptions) (err error) {
	if o.run != "" && o.scan.from != "" {
		return usagef("--run and --from are two sources: name one")
	}
	if o.atOnce && o.offline {
		return usagef("--apply asks AWS anyway: leave out --offline")
	}
	if o.atOnce && !o.apply.yes && !interactive(sys.stdin) {
		return usagef("--apply needs somebody who confirms, or --yes")
	}
	if o.output != "" { // not after a scan of an hour, which would be lost
		if err := atomicfile.Check(o.output); err != nil {
			return err
		}
	}
	if o.atOnce {
		if err := sys.canChange(ctx, &o.apply.ledger); err != nil {
			return err
		}
	}
	for _, name := range o.actions {
		if remediator.Find(remediator.Actions(), name) == nil {
			return usagef("--action: there is no action %q%s; `keyproof remediate actions` lists them", name, meant(name, actionNames()))
		}
	}
	m := &remediator.Maker{Actions: remediator.Actions(), Tool: sys.version, Filter: remediator.Filter{
		Actions: o.actions, Resources: o.resources, Accounts: o.accounts, Max: o.max,
	}}
	// The rules that are chosen are those to settle: the others still say what they
	// allow.
	for _, id := range o.scan.judge.only {
		m.Filter.Rules = append(m.Filter.Rules, model.RuleID(id))
	}
	o.scan.judge.only = nil
	file, err := o.scan.judge.readConfig()
	if err != nil {
		return err
	}
	if m.Choices, err = choices(file, o.set); err != nil {
		return err
	}
	if o.scan.from != "" || o.run != "" {
		m.Filter.Regions = slices.DeleteFunc(slices.Clone(o.scan.access.regions), func(r string) bool { return r == "all" })
	}
	sys.sayConfig(file)
	o.scan.access.configure(file)
	snap, report, done, err := sys.judged(ctx, o, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if err := knownRules(report, m.Filter.Rules); err != nil {
		return err
	}
	if !o.offline {
		if m.Env, err = sys.planEnv(ctx, o, report, m); err != nil {
			return err
		}
	}
	plan, err := m.Plan(ctx, snap, report)
	if err != nil {
		return err
	}
	sys.printPlan(plan)
	if o.output != "" {
		if err := atomicfile.Write(o.output, func(w io.Writer) error { return remediator.WritePlan(w, plan) }); err != nil {
			return err
		}
		fmt.Fprintf(sys.stderr, "saved %s; make the changes with `keyproof remediate apply %s`\n", o.output, shellWord(o.output)+o.apply.ledger.flag()+o.scan.access.typed+o.scan.judge.flags())
	}
	if !o.atOnce || len(plan.Changes) == 0 {
		return nil
	}
	o.apply.access, o.apply.judge = o.scan.access, o.scan.judge
	return sys.applyPlan(ctx, plan, &o.apply, file)
}

// judged is what the plan is for: a snapshot and its report.
func (sys system) judged(ctx context.Context, o *planOptions, file *config.Config) (*model.Snapshot, *model.Report, func() error, error) {
	if o.run != "" {
		return sys.storedRun(ctx, o)
	}
	judge, err := o.scan.judge.loadWith(ctx, file)
	if err != nil {
		return nil, nil, nil, err
	}
	sys.sayRefused(judge)
	snap, done, err := sys.snapshot(ctx, &o.scan)
	if err != nil {
		return nil, nil, nil, err
	}
	spool, err := model.NewResultSpool("")
	if err != nil {
		return nil, nil, nil, errors.Join(err, done())
	}
	all := func() error { return errors.Join(spool.Close(), done()) }
	report, err := judge.Evaluate(ctx, snap, spool)
	if err != nil {
		return nil, nil, nil, errors.Join(err, all())
	}
	return snap, report, all, nil
}

// storedRun is a run of the ledger with its snapshot.
func (sys system) storedRun(ctx context.Context, o *planOptions) (*model.Snapshot, *model.Report, func() error, error) {
	l, err := sys.openLedger(ctx, &o.apply.ledger)
	if err != nil {
		return nil, nil, nil, err
	}
	fail := func(err error) (*model.Snapshot, *model.Report, func() error, error) {
		return nil, nil, nil, errors.Join(err, l.Close())
	}
	run, err := l.Run(ctx, o.run)
	if err != nil {
		return fail(err)
	}
	snap, err := l.Snapshot(ctx, run.ID)
	if err != nil {
		return fail(fmt.Errorf("run %s: %w; `keyproof remediate plan` without --run scans anew", run.ID, err))
	}
	report, done, err := l.Report(ctx, run.ID)
	if err != nil {
		return fail(err)
	}
	return snap, report, func() error { return errors.Join(done(), l.Close()) }, nil
}

// knownRules refuses a mistyped rule, for which there would be nothing to do.
func knownRules(report *model.Report, ids []model.RuleID) error {
	var all []string
	for _, r := range report.Rules {
		all = append(all, string(r.ID))
	}
	for _, id := range ids {
		if !slices.Contains(all, string(id)) {
			return usagef("--rule: no rule %q judged%s; `keyproof rules list` lists them", id, meant(string(id), all))
		}
	}
	return nil
}

// planEnv opens the accounts in which something fails that could be repaired.
func (sys system) planEnv(ctx context.Context, o *planOptions, report *model.Report, m *remediator.Maker) (*remediator.Env, error) {
	var changes []*model.Change
	seen := map[[2]string]bool{}
	for id, err := range m.Repairable(report) {
		if err != nil {
			return nil, err
		}
		if key := [2]string{id.Account, id.Region}; !seen[key] {
			seen[key] = true
			changes = append(changes, &model.Change{Resource: id})
		}
	}
	if len(changes) == 0 {
		return nil, nil
	}
	access, err := sys.openRepairs(ctx, &o.scan.access, changes)
	if err != nil {
		return nil, fmt.Errorf("%w; or plan with --offline", err)
	}
	return &remediator.Env{Access: access, Now: sys.now, Say: func(string) {}}, nil
}
