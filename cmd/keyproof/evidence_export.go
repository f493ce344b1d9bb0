package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
	"github.com/keyproof/keyproof/reports/evidence"
)

// exportOptions are the flags of evidence export.
type exportOptions struct {
	judge  judgeOptions
	keys   keyOptions
	ledger ledgerOptions
	run    string
	from   string
	output string
	failOn string
	redact string
	hide   bool
}

func newEvidenceExport(sys system) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write an evidence bundle",
		Long: `Write an evidence bundle of a recorded run: the report, the snapshot, the rules with their sources,
settings and waivers, the head of the ledger, and a manifest with the SHA-256 of each.
With --key or --kms-key it is signed (DSSE, an in-toto statement); without, it still proves that
the report follows from the data, but not who says so. The flags about rules are for --from: a run has its own.

With an Ed25519 key the same run gives the same bytes.

With --redact pseudonyms stand for account ids, names, principals and tags: the same
for the same original, in the report, the snapshot and the settings. Keys of tags stay
where rules ask for them, AWS defines them or everybody uses them, as owner.
The bundle still proves its report. Who has the file of --redact-key can undo it.`,
		Example: `  keyproof evidence export --run last --key key.pem -o bundle.zip
  keyproof evidence export --from today.ndjson.zst --key key.pem -o bundle.zip
  keyproof evidence export --from today.ndjson.zst --key key.pem -o shared.zip --redact --redact-key names.json
  keyproof evidence export --from today.ndjson.zst --kms-key arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab -o bundle.zip`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sys.exportEvidence(cmd.Context(), &o) },
	}
	o.judge.register(cmd)
	o.ledger.register(cmd)
	o.keys.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.run, "run", "", "bundle this recorded `run`: its id or the beginning of it, last, or last~1 for the one before (default last)")
	f.StringVar(&o.from, "from", "", "judge this saved `file` (keyproof scan --save) and bundle it, instead of a run")
	f.StringVarP(&o.output, "output", "o", "", "`file` to write (required)")
	f.StringArrayVar(&o.keys.files, "key", nil, "sign with the Ed25519 private key in this `file`, PEM (repeatable)")
	f.StringVar(&o.failOn, "fail-on", "", "mildest `severity` that counts in the verdict (default low)")
	f.StringVar(&o.redact, "redact-key", "", "`file` that says which pseudonym has which original: made if it is missing, so that later bundles use the same ones; keep it apart")
	f.BoolVar(&o.hide, "redact", false, "replace account ids, names, principals and tags by pseudonyms; needs --redact-key")
	return cmd
}

// exported is what a bundle is made of.
type exported struct {
	about    evidence.About
	report   *model.Report
	options  reports.Options
	snapshot string // path of the file
	recipe   *recipe
}

func (sys system) exportEvidence(ctx context.Context, o *exportOptions) (err error) {
	if o.from != "" && o.run != "" {
		return usagef("--run and --from contradict each other: leave one of them out")
	}
	if o.output == "" {
		return usagef("say where to write the bundle: -o bundle.zip")
	}
	if o.hide != (o.redact != "") {
		return usagef("--redact and --redact-key FILE belong together: the file says which pseudonym has which original")
	}
	if err := atomicfile.Check(o.output); err != nil {
		return err
	}
	signers, err := o.keys.signers(ctx)
	if err != nil {
		return err
	}
	gather := sys.judgeAgain
	if o.from == "" {
		gather = sys.recordedRun
	}
	e, done, err := gather(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if o.hide {
		var free func() error
		if e, free, err = e.redacted(ctx, o.redact); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, free()) }()
	}
	parts, err := e.parts()
	if err != nil {
		return err
	}
	err = atomicfile.Write(o.output, func(w io.Writer) error { return evidence.Write(ctx, w, e.about, parts, signers...) })
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.stderr, "wrote %s\n", o.output)
	if len(signers) == 0 {
		fmt.Fprintln(sys.stderr, "it is not signed: --key or --kms-key signs it")
	}
	return nil
}

// judgeAgain judges a saved snapshot.
func (sys system) judgeAgain(ctx context.Context, o *exportOptions) (e *exported, done func() error, err error) {
	judge, err := o.judge.load(ctx)
	if err != nil {
		return nil, nil, err
	}
	sys.sayConfig(o.judge.file)
	sys.sayRefused(judge)
	policy, err := verdictPolicy(o.failOn, o.judge.file.FailOn)
	if err != nil {
		return nil, nil, err
	}
	snap, err := snapfile.Open(o.from)
	if err != nil {
		return nil, nil, err
	}
	recipe, err := o.judge.recipe()
	if err != nil {
		return nil, nil, err
	}
	spool, err := model.NewResultSpool("")
	if err != nil {
		return nil, nil, err
	}
	report, err := judge.Evaluate(ctx, snap, spool)
	if err != nil {
		return nil, nil, errors.Join(err, spool.Close())
	}
	verdict := report.Verdict(policy)
	return &exported{
		about:  evidence.About{Source: report.Source, TakenAt: report.TakenAt.UTC(), Tool: sys.version, Verdict: verdict.String()},
		report: report, options: reports.Options{Verdict: verdict, Policy: policy}, snapshot: o.from, recipe: recipe,
	}, spool.Close, nil
}

func (e *exported) parts() ([]evidence.Part, error) {
	parts := []evidence.Part{
		{Name: partReport, Write: func(w io.Writer) error { return writeJSONReport(w, e.report, e.options) }},
		{Name: partSnapshot, Write: func(w io.Writer) (err error) {
			f, err := os.Open(e.snapshot)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		}},
	}
	files, err := e.recipe.pack()
	if err != nil {
		return nil, err
	}
	for name, data := range files {
		parts = append(parts, evidence.Bytes(path.Join(partRules, name), data))
	}
	return parts, nil
}

func writeJSONReport(w io.Writer, r *model.Report, o reports.Options) error {
	f, err := reports.Find("json")
	if err != nil {
		return err
	}
	return f.Write(w, r, o)
}
