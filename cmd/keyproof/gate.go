package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// gateOptions are the flags of gate.
type gateOptions struct {
	judge       judgeOptions
	read        gateRead
	outputs     []string
	failOn      string
	minSeverity string
	base        string
	baseRef     string
	against     string
	limit       int
}

func newGate(sys system) *cobra.Command {
	var o gateOptions
	cmd := &cobra.Command{
		Use:   "gate FILE...",
		Short: "Judge a Terraform plan or a CloudFormation template before it is applied",
		Long: `Judge a change before it is made, with the rules of the scan: Terraform plans and
states (terraform show -json), CloudFormation and SAM templates (YAML or JSON), and
cdk.out folders. - reads standard input.

Each failure is introduced by the change, existing, or fixed by it. Only introduced
ones fail the gate, unless --fail-on any. A plan says what was there before; for a
template name it by --base or --base-ref, else all is introduced.

What a file cannot know (a value after apply, the date of the last rotation) is
unknown, never a pass: it is listed, and the scan after the change must prove it. By
itself it does not fail the gate; "gate" in keyproof.yaml can make it.

Exit codes: 0 the change may go on, 3 something that counts fails, 4 nothing fails
but something unknown counts, 1 the files could not be judged, 2 the command line is
wrong.`,
		Example: `  terraform show -json plan.out > plan.json && keyproof gate plan.json
  terraform show -json plan.out | keyproof gate -
  keyproof gate template.yaml --base-ref origin/main
  keyproof gate cdk.out --region eu-west-1
  keyproof gate plan.json --output sarif=gate.sarif --output markdown=comment.md
  keyproof gate plan.json --against last-scan.ndjson.zst`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("name a file to judge: a plan (terraform show -json), a template or a cdk.out folder; - is standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return sys.gate(cmd.Context(), &o, args) },
	}
	o.judge.register(cmd)
	o.read.register(cmd)
	f := cmd.Flags()
	f.StringArrayVarP(&o.outputs, "output", "o", nil, "write a report, `format[=path]`; formats: "+formatNames()+" (repeatable; text goes to the terminal unless another report does)")
	f.StringVar(&o.failOn, "fail-on", "", "which failures count, `introduced or any` (default introduced)")
	f.StringVar(&o.minSeverity, "min-severity", "", "mildest `severity` that counts: critical, high, medium, low or info (default low)")
	f.StringVar(&o.base, "base", "", "the template, or cdk.out folder, as it is now: its failures are not introduced (`file`)")
	f.StringVar(&o.baseRef, "base-ref", "", "compare templates with what they are at this `revision` of git, such as origin/main")
	f.StringVar(&o.against, "against", "", "compare with a saved scan (`file` of scan --save): what fails there is not introduced")
	f.IntVar(&o.limit, "limit", 20, "failures shown for each rule in text; 0 shows all")
	return cmd
}

// gate is the whole walk: read, judge, report, verdict.
func (sys system) gate(ctx context.Context, o *gateOptions, names []string) (err error) {
	outputs, err := sys.parseOutputs(o.outputs)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	file, err := o.judge.readConfig()
	if err != nil {
		return err
	}
	files, err := sys.readFiles(ctx, o, file, names)
	if err != nil {
		return err
	}
	o.judge.also, o.judge.kinds = files.waivers(), files.kinds()
	judge, err := o.judge.loadWith(ctx, file)
	if err != nil {
		return err
	}
	sys.sayConfig(file)
	sys.sayRefused(judge)
	changes, err := files.changes(o.against)
	if err != nil {
		return err
	}
	spool, err := model.NewResultSpool("")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, spool.Close()) }()
	report, open, err := judge.EvaluateChanges(ctx, files.header(sys), changes, spool)
	if err != nil {
		return err
	}
	policy := o.policy(file)
	verdict, _, err := report.Gate(policy)
	if err != nil {
		return err
	}
	files.sayNotes(sys)
	opts := reports.Options{Limit: o.limit, Verdict: verdict, Policy: model.VerdictPolicy{MinSeverity: policy.MinSeverity}, Gate: &policy, Against: against(o.against, open)}
	if err := sys.write(ctx, outputs, report, opts); err != nil {
		return err
	}
	if code := verdict.ExitCode(); code != 0 {
		return exitCode(code)
	}
	return nil
}

func (o *gateOptions) check() error {
	if _, err := model.ParseSeverity(cmp.Or(o.minSeverity, string(model.SeverityLow))); err != nil {
		return usagef("--min-severity: %w", err)
	}
	switch o.failOn {
	case "", "introduced", "any":
	default:
		return usagef("--fail-on %q: write introduced or any; a severity goes to --min-severity", o.failOn)
	}
	given := 0
	for _, flag := range []string{o.base, o.baseRef, o.against} {
		if flag != "" {
			given++
		}
	}
	if given > 1 {
		return usagef("--base, --base-ref and --against each say what to compare with: give one of them")
	}
	return nil
}

// policy is what counts: flags win over the file.
func (o *gateOptions) policy(c *config.Config) model.GatePolicy {
	p := model.GatePolicy{
		MinSeverity: cmp.Or(model.Severity(o.minSeverity), c.Gate.MinSeverity, c.FailOn, model.SeverityLow),
		Existing:    cmp.Or(o.failOn, c.Gate.FailOn) == "any",
		Unknown:     c.Gate.Unknown,
	}
	for _, f := range c.Gate.Frameworks {
		p.Frameworks = append(p.Frameworks, f.Name)
	}
	return p
}

// against says what a change does to the failures of a saved scan.
func against(path string, open evaluator.Open) string {
	switch {
	case path == "":
		return ""
	case open.Failures == 0:
		return path + " has no open failures"
	default:
		failures := "failures"
		if open.Failures == 1 {
			failures = "failure"
		}
		return fmt.Sprintf("this change fixes %d of the %d open %s of %s", open.Fixed, open.Failures, failures, strings.TrimPrefix(path, "./"))
	}
}
