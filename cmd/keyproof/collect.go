package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/account"
	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/collectors/iam"
	"github.com/keyproof/keyproof/collectors/kms"
	"github.com/keyproof/keyproof/collectors/lambda"
	"github.com/keyproof/keyproof/collectors/rds"
	"github.com/keyproof/keyproof/collectors/secretsmanager"
	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/collectors/ssm"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

// accessOptions are the flags that say what to scan and as whom.
type accessOptions struct {
	profiles   []string
	roles      []string
	externalID string
	regions    []string
	trusted    []string
	noLimits   bool
	typed      string // flags, before a configuration added to them
	// base is the configuration of the embedded account; nil for AWS.
	base *aws.Config
}

func (o *accessOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.profiles, "profile", nil, "`profile` of the AWS configuration (repeatable: one account each)")
	f.StringArrayVar(&o.roles, "assume-role", nil, "`ARN` of a role to scan with (repeatable: one account each)")
	f.StringVar(&o.externalID, "external-id", "", "external `id` for --assume-role")
	f.Var(listFlag{&o.regions}, "region", "`region` to scan, or all for every enabled one (repeatable or with commas)")
	f.Var(listFlag{&o.trusted}, "trusted-account", "`account` outside the organization that policies may let in (repeatable or with commas)")
	f.BoolVar(&o.noLimits, "no-rate-limit", false, "call as fast as the endpoint answers; for endpoints that are not AWS")
}

func (o *accessOptions) given() bool {
	return len(o.profiles)+len(o.roles)+len(o.regions)+len(o.trusted) > 0 || o.externalID != "" || o.noLimits
}

// stages makes the collectors of one account and region. Functions come after
// secrets, which say which of them rotate.
func stages(cfg aws.Config, detector *detect.Detector) [][]collectors.Collector {
	return [][]collectors.Collector{
		{account.New(), secretsmanager.New(cfg), ssm.New(cfg, detector), kms.New(cfg), cloudtrail.New(cfg), rds.New(cfg),
			iam.New(cfg)},
		{lambda.New(cfg, detector)},
	}
}

// scanActions are the IAM actions that a scan can use, sorted.
func scanActions() []string {
	actions := session.Permissions()
	for _, stage := range stages(aws.Config{}, nil) {
		for _, c := range stage {
			actions = append(actions, c.Permissions()...)
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// collect reads the accounts into the spool, and then their record of CloudTrail when
// that was asked for. done frees the record.
func (sys system) collect(ctx context.Context, o *scanOptions, spool *model.Spool) (snap *model.Snapshot, done func() error, err error) {
	detector, err := detect.New()
	if err != nil {
		return nil, nil, err
	}
	accounts, err := session.Open(ctx, session.Options{
		Profiles: o.access.profiles, Roles: o.access.roles, ExternalID: o.access.externalID, Regions: o.access.regions,
		Trusted: o.access.trusted, Reads: append(scanActions(), o.record.actions()...), Unlimited: o.access.noLimits, Version: sys.version, Base: o.access.base,
	})
	if err != nil {
		return nil, nil, usageOrNot(err)
	}
	plan := collectors.Plan{TakenAt: sys.now().UTC(), Tool: sys.version, Cells: cells(accounts, detector), Callers: callers(accounts)}
	if snap, err = sys.runPlan(ctx, plan, o.quiet, spool); err != nil || !o.record.given() {
		return snap, func() error { return nil }, err
	}
	done, err = sys.record(ctx, &o.record, accounts, snap)
	return snap, done, err
}

func (sys system) runPlan(ctx context.Context, plan collectors.Plan, quiet bool, spool *model.Spool) (*model.Snapshot, error) {
	if bar := sys.newProgress(sys.stderr, quiet); bar != nil {
		bar.plan(plan.Cells)
		plan.Progress = bar.update
		defer bar.stop()
	}
	return collectors.Run(ctx, plan, spool)
}

func callers(accounts []*session.Account) (list []model.Caller) {
	for _, a := range accounts {
		if a.Caller != "" {
			list = append(list, model.Caller{Account: a.ID, ARN: a.Caller})
		}
	}
	slices.SortFunc(list, func(a, b model.Caller) int { return strings.Compare(a.Account, b.Account) })
	return list
}

func cells(accounts []*session.Account, detector *detect.Detector) []collectors.CellPlan {
	var list []collectors.CellPlan
	for _, a := range accounts {
		var open []string
		for _, r := range a.Regions {
			if r.Gap == nil {
				open = append(open, r.Name)
			}
		}
		for _, r := range a.Regions {
			cell := collectors.CellPlan{
				Cell: collectors.CellID{Partition: a.Partition, Account: a.ID, Region: r.Name, Org: a.Org, Regions: open},
				Gap:  r.Gap,
			}
			if r.Gap == nil {
				cell.Stages = stages(a.Config(r.Name), detector)
			}
			list = append(list, cell)
		}
	}
	return list
}

// usageOrNot gives an error of what the user asked for the exit code of usage.
func usageOrNot(err error) error {
	var u *session.UsageError
	if errors.As(err, &u) {
		return usageError{err}
	}
	return err
}
