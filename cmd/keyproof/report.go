package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/ledger"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// reportOptions are the flags of report.
type reportOptions struct {
	ledger ledgerOptions
	run    string
	format string
	path   string
	failOn string
	limit  int
}

func newReport(sys system) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write the report of a recorded run again, in any format",
		Long: `Write the report of a run that the ledger has, to the byte as the scan would have
written it. Nothing is collected and nothing is judged again.

The verdict in the report is that of the scan, unless --fail-on says anew what
counts; then it is the exit code as well (see "keyproof scan --help").`,
		Example: `  keyproof report --format html -o report.html
  keyproof report --run last~1 --format json -o before.json
  keyproof report --run 20261125 --format junit --fail-on high`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sys.report(cmd.Context(), &o) },
	}
	o.ledger.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.run, "run", "last", "the `run`: its id or the beginning of it, last, or last~1 for the one before")
	f.StringVarP(&o.format, "format", "f", "text", "`format`: "+formatNames())
	f.StringVarP(&o.path, "output", "o", "-", "`file` to write; - is standard output")
	f.StringVar(&o.failOn, "fail-on", "", "mildest `severity` that counts: judge the whole anew, and exit with the verdict")
	f.IntVar(&o.limit, "limit", 20, "failures shown for each rule in text; 0 shows all")
	return cmd
}

func (sys system) report(ctx context.Context, o *reportOptions) (err error) {
	outputs, err := sys.parseOutputs([]string{o.format + "=" + o.path})
	if err != nil {
		return err
	}
	policy, err := verdictPolicy(o.failOn, "")
	if err != nil {
		return err
	}
	l, err := sys.openLedger(ctx, &o.ledger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	run, err := l.Run(ctx, o.run)
	if err != nil {
		return err
	}
	r, done, err := l.Report(ctx, run.ID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	before, err := runsBefore(ctx, l, &run)
	if err != nil {
		return err
	}
	opts := reports.Options{Limit: o.limit, Verdict: recordedVerdict(&run), Policy: model.VerdictPolicy{MinSeverity: run.MinSeverity}, History: before}
	if o.failOn != "" {
		opts.Policy, opts.Verdict = policy, r.Verdict(policy)
	}
	if err := sys.write(ctx, outputs[:1], r, opts); err != nil {
		return err
	}
	if code := opts.Verdict.ExitCode(); o.failOn != "" && code != 0 {
		return exitCode(code)
	}
	return nil
}

// recordedVerdict reads the verdict of a run; what is not known is unknown.
func recordedVerdict(run *ledger.Run) model.Verdict {
	for _, v := range []model.Verdict{model.VerdictPass, model.VerdictFail} {
		if v.String() == run.Verdict {
			return v
		}
	}
	return model.VerdictUnknown
}
