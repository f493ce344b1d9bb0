package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// scanOptions are the flags of scan.
type scanOptions struct {
	judge   judgeOptions
	access  accessOptions
	record  recordOptions
	push    pushOptions
	ledger  ledgerOptions
	outputs []string
	save    string
	from    string
	failOn  string
	limit   int
	quiet   bool
}

func newScan(sys system) *cobra.Command {
	var o scanOptions
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "Scan AWS accounts and judge how they keep secrets",
		Long: `Read the secrets, parameters, keys, trails, functions, databases and IAM policies
of one or more accounts, judge them, and report.

A scan only reads. It never reads a secret's value; "keyproof permissions" prints
the policy that it needs. Only with --push does anything write, to Security Hub,
with a role of its own if --push-role names one. What it may not read is reported as unknown, never as
a pass.

Each run is recorded in the ledger with its results and what was collected:
"keyproof history" lists runs, "drift" compares two, "report" writes one again.

With --events it also reads who used and changed them, from CloudTrail, and judges
that with the rules that need it. A region whose record is not whole is unknown.

Exit codes: 0 everything passes, 3 something fails, 4 nothing fails but something
is unknown, 1 the scan could not be done, 2 the command line is wrong.

A rule of --rules that does not load names itself and counts as unknown; with
--strict it is an error.`,
		Example: `  keyproof scan --region eu-west-1
  keyproof scan --profile audit --region all --output json=report.json
  keyproof scan --region eu-west-1 --region us-east-1 \
      --assume-role arn:aws:iam::111122223333:role/Audit \
      --assume-role arn:aws:iam::444455556666:role/Audit
  keyproof scan --region eu-west-1 --save today.ndjson.zst
  keyproof scan --from today.ndjson.zst --param SM-002.max_days=365
  keyproof scan --region eu-west-1 --events lookup
  keyproof scan --region eu-west-1 --events ./trail --public-keys keys.json
  keyproof scan --region eu-west-1 --push securityhub`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sys.scan(cmd.Context(), &o) },
	}
	o.access.register(cmd)
	o.record.register(cmd)
	o.push.register(cmd)
	o.judge.register(cmd)
	o.ledger.registerRecording(cmd)
	f := cmd.Flags()
	f.StringArrayVarP(&o.outputs, "output", "o", nil, "write a report, `format[=path]`; formats: "+formatNames()+" (repeatable; text goes to the terminal unless another report does)")
	f.StringVar(&o.save, "save", "", "also save what was collected in this `file` (.ndjson.zst)")
	f.StringVar(&o.from, "from", "", "judge a saved `file` again instead of an account")
	f.StringVar(&o.failOn, "fail-on", "", "mildest `severity` that counts in the verdict: critical, high, medium, low or info (default low)")
	f.IntVar(&o.limit, "limit", 20, "failures shown for each rule in text; 0 shows all")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "show no progress")
	return cmd
}

func formatNames() string {
	names := ""
	for i, f := range reports.Formats() {
		if i > 0 {
			names += ", "
		}
		names += f.Name
	}
	return names
}

// scan is the whole walk: collect, judge, report, verdict.
func (sys system) scan(ctx context.Context, o *scanOptions) (err error) {
	outputs, err := sys.parseOutputs(o.outputs)
	if err != nil {
		return err
	}
	if _, err := verdictPolicy(o.failOn, ""); err != nil {
		return err
	}
	if o.ledger.off && o.ledger.path != "" {
		return usagef("--ledger and --no-ledger contradict each other: leave one of them out")
	}
	if o.from != "" && (o.save != "" || o.access.given() && o.push.to == "") {
		return usagef("--from judges a saved file: leave out --save and the flags that name accounts and regions")
	}
	if err := errors.Join(o.record.check(), o.push.check()); err != nil {
		return err
	}
	if o.save != "" { // not after a scan of an hour, which would be lost
		if err := atomicfile.Check(o.save); err != nil {
			return err
		}
	}
	if err := sys.canRecord(ctx, &o.ledger); err != nil {
		return err
	}
	judge, err := o.judge.load(ctx)
	if err != nil {
		return err
	}
	sys.sayConfig(o.judge.file)
	sys.sayRefused(judge)
	o.access.configure(o.judge.file)
	o.record.engine.as(&o.access)
	o.record.engine.quiet = o.quiet
	snap, done, err := sys.snapshot(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	spool, err := model.NewResultSpool("")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, spool.Close()) }()
	report, err := judge.Evaluate(ctx, snap, spool)
	if err != nil {
		return err
	}
	policy, err := verdictPolicy(o.failOn, o.judge.file.FailOn)
	if err != nil {
		return err
	}
	verdict := report.Verdict(policy)
	before, recorded := sys.recordRun(ctx, o, report, snap, verdict, policy)
	if err := sys.write(ctx, outputs, report, reports.Options{Limit: o.limit, Verdict: verdict, Policy: policy, History: before}); err != nil {
		return errors.Join(recorded, err)
	}
	if err := errors.Join(recorded, sys.push(ctx, o, report)); err != nil {
		return err
	}
	if code := verdict.ExitCode(); code != 0 {
		return exitCode(code)
	}
	return nil
}

// verdictPolicy is what counts in a verdict by --fail-on, else by the
// configuration, else by default.
func verdictPolicy(flag string, file model.Severity) (model.VerdictPolicy, error) {
	if flag == "" {
		return model.VerdictPolicy{MinSeverity: cmp.Or(file, model.SeverityLow)}, nil
	}
	least, err := model.ParseSeverity(flag)
	if err != nil {
		return model.VerdictPolicy{}, usagef("--fail-on: %w", err)
	}
	return model.VerdictPolicy{MinSeverity: least}, nil
}

// snapshot collects a snapshot, or opens a saved one. done frees it.
func (sys system) snapshot(ctx context.Context, o *scanOptions) (snap *model.Snapshot, done func() error, err error) {
	if o.from != "" {
		return sys.saved(ctx, o)
	}
	spool, err := model.NewSpool("")
	if err != nil {
		return nil, nil, err
	}
	snap, free, err := sys.collect(ctx, o, spool)
	if err != nil {
		return nil, nil, errors.Join(err, spool.Close())
	}
	done = func() error { return errors.Join(free(), spool.Close()) }
	if o.save != "" {
		if err := snapfile.Write(o.save, snap); err != nil {
			return nil, nil, errors.Join(err, done())
		}
		fmt.Fprintf(sys.stderr, "saved %s\n", o.save)
	}
	return snap, done, nil
}

// saved opens a saved snapshot. A record of CloudTrail can be read for one that has
// none yet.
func (sys system) saved(ctx context.Context, o *scanOptions) (snap *model.Snapshot, done func() error, err error) {
	snap, err = snapfile.Open(o.from)
	if err != nil {
		return nil, nil, usageOrNot(err)
	}
	snap.Source = o.from
	switch {
	case !o.record.given():
		return snap, func() error { return nil }, nil
	case snap.Header.Events != nil:
		return nil, nil, usagef("%s has a record of events already, from %s: leave out --events", o.from, snap.Header.Events.Source)
	case slices.Contains(o.record.sources, lookupSource):
		return nil, nil, errOffline(lookupSource)
	}
	done, err = sys.record(ctx, &o.record, nil, snap)
	return snap, done, err
}
