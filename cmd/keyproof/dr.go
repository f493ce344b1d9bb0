package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/internal/dr"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// drOptions are the flags of dr.
type drOptions struct {
	scan    scanOptions // of which --from, --quiet and the flags of access are used
	lose    string
	run     string
	ledger  ledgerOptions // of --run
	format  string
	limit   int
	promote []string
	plan    string
}

func newDR(sys system) *cobra.Command {
	var o drOptions
	cmd := &cobra.Command{
		Use:   "dr",
		Short: "Say what would be out of reach if a region were lost",
		Long: `Say which secrets, parameters, keys and trails would be out of reach if a region of
AWS were lost, from a saved snapshot or a fresh scan: what has no copy, which
replica could be promoted, and which of those lacks a usable key, a rotation
function or a database where it is.

Scan the region and those that hold the copies: what was not scanned is unknown.

On the day itself, --promote NAME@REGION --plan FILE also writes a plan that makes
the replica a secret of its own; "keyproof remediate apply FILE" carries it out. A
promotion cannot be undone, so each replica is named.

Exit codes: 0 everything has a copy, 3 something would be lost, 4 nothing would be
lost but something is unknown, 1 the work could not be done, 2 the command line is
wrong.`,
		Example: `  keyproof scan --region all --save today.ndjson.zst
  keyproof dr --lose us-east-1 --from today.ndjson.zst
  keyproof dr --lose us-east-1 --region us-east-1 --region eu-west-1 -o json
  keyproof dr --lose us-east-1 --run last --promote payments/db@eu-west-1 --plan promote.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sys.dr(cmd.Context(), &o) },
	}
	o.scan.access.register(cmd)
	f := cmd.Flags()
	f.StringVar(&o.lose, "lose", "", "the `region` that is lost")
	f.StringVar(&o.scan.from, "from", "", "a saved `file` of scan --save, instead of a fresh scan")
	f.StringVar(&o.run, "run", "", "a run of the ledger: its `id`, last, last~1 …")
	f.StringVar(&o.ledger.path, "ledger", "", "`file` of the ledger, for --run (default $KEYPROOF_LEDGER, or ~/.local/state/keyproof/ledger.db)")
	f.StringArrayVar(&o.promote, "promote", nil, "plan the promotion of this replica, `NAME@REGION` (repeatable; with --plan)")
	f.StringVar(&o.plan, "plan", "", "write the plan of --promote to this `file`")
	f.StringVarP(&o.format, "output", "o", "text", "`format` of the report: text or json")
	f.IntVar(&o.limit, "limit", 20, "items shown of each kind and fate in text; 0 shows all")
	f.BoolVarP(&o.scan.quiet, "quiet", "q", false, "show no progress")
	return cmd
}

// dr makes the report and prints it.
func (sys system) dr(ctx context.Context, o *drOptions) (err error) {
	if o.lose == "" {
		return usagef("name the region that is lost: --lose us-east-1")
	}
	if o.format != "text" && o.format != "json" {
		return usagef("--output %q: use text or json", o.format)
	}
	if o.scan.from != "" && o.run != "" {
		return usagef("--from and --run are two sources: name one")
	}
	if o.scan.from+o.run != "" && o.scan.access.given() {
		return usagef("--from and --run read what was stored: leave out the flags that name accounts and regions")
	}
	if (len(o.promote) > 0) != (o.plan != "") {
		return usagef("--promote NAME@REGION and --plan FILE go together")
	}
	snap, done, err := sys.drSnapshot(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	report, err := dr.Lose(snap, o.lose)
	var none *dr.NoRegion
	if errors.As(err, &none) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	if o.format == "json" {
		err = sys.writeJSON(report)
	} else {
		err = sys.drText(report, o.limit, o.source())
	}
	if err == nil && o.plan != "" {
		err = sys.planPromotions(ctx, snap, o)
	}
	if err != nil {
		return err
	}
	if code := report.ExitCode(); code != 0 {
		return exitCode(code)
	}
	return nil
}

// source names the data in the next command. A region that is lost cannot be scanned:
// on that day a saved scan is needed.
func (o *drOptions) source() string {
	if o.scan.from+o.run == "" {
		return " --from FILE"
	}
	return again("--from", o.scan.from) + again("--run", o.run) + o.ledger.flag()
}

// drSnapshot scans, or opens what was stored.
func (sys system) drSnapshot(ctx context.Context, o *drOptions) (*model.Snapshot, func() error, error) {
	if o.run == "" {
		return sys.snapshot(ctx, &o.scan)
	}
	l, err := sys.openLedger(ctx, &o.ledger)
	if err != nil {
		return nil, nil, err
	}
	run, err := l.Run(ctx, o.run)
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	snap, err := l.Snapshot(ctx, run.ID)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("run %s: %w; without --run dr scans anew", run.ID, err), l.Close())
	}
	return snap, l.Close, nil
}

// planPromotions writes the plan for the replicas that are named.
func (sys system) planPromotions(ctx context.Context, snap *model.Snapshot, o *drOptions) error {
	plan, err := remediator.PlanPromotions(ctx, snap, o.promote, sys.version, sys.now())
	if err != nil {
		return usagef("--promote: %w", err)
	}
	if err := atomicfile.Write(o.plan, func(w io.Writer) error { return remediator.WritePlan(w, plan) }); err != nil {
		return err
	}
	fmt.Fprintf(sys.stderr, "saved %s; on the day, promote with `keyproof remediate apply %s`: it cannot be undone\n", o.plan, shellWord(o.plan)+o.ledger.flag()+o.scan.access.flags())
	return nil
}
