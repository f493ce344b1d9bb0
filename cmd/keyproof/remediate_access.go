package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// repairAccess opens accounts for repairs.
type repairAccess struct {
	accounts []*session.Account
}

// Config is for calls in a region of an account.
func (a *repairAccess) Config(account, region string) (aws.Config, error) {
	for _, s := range a.accounts {
		if s.ID == account && s.Gap == nil {
			return s.Config(region), nil
		}
	}
	return aws.Config{}, fmt.Errorf("no credentials of account %s", account)
}

// caller is the ARN that AWS knows us by in an account; empty when it does not.
func (a *repairAccess) caller(account string) string {
	for _, s := range a.accounts {
		if s.ID == account && s.Gap == nil {
			return s.Caller
		}
	}
	return ""
}

// registerRepair are the flags that say as whom to repair.
func (o *accessOptions) registerRepair(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.profiles, "profile", nil, "`profile` of the AWS configuration (repeatable: one account each)")
	f.StringArrayVar(&o.roles, "assume-role", nil, "`ARN` of a role to repair with (repeatable: one account each)")
	f.StringVar(&o.externalID, "external-id", "", "external `id` for --assume-role")
	f.Var(listFlag{&o.trusted}, "trusted-account", "`account` outside the organization that policies may let in (repeatable or with commas)")
	f.BoolVar(&o.noLimits, "no-rate-limit", false, "call as fast as the endpoint answers; for endpoints that are not AWS")
}

// openRepairs opens the accounts of changes. All must be there before anything is
// written: half a plan is not what was reviewed.
func (sys system) openRepairs(ctx context.Context, o *accessOptions, changes []*model.Change) (*repairAccess, error) {
	var regions, wanted []string
	for _, c := range changes {
		regions, wanted = append(regions, changedRegions(c)...), append(wanted, c.Resource.Account)
	}
	slices.Sort(regions)
	slices.Sort(wanted)
	opened, err := session.Open(ctx, session.Options{
		Profiles: o.profiles, Roles: o.roles, ExternalID: o.externalID, Regions: slices.Compact(regions), Trusted: o.trusted,
		Reads: scanActions(), Repairs: repairActions(), Unlimited: o.noLimits, Version: sys.version, Base: o.base,
	})
	if err != nil {
		return nil, usageOrNot(err)
	}
	access := &repairAccess{opened}
	var missing []string
	for _, account := range slices.Compact(wanted) {
		if _, err := access.Config(account, ""); err != nil {
			missing = append(missing, account)
		}
	}
	if len(missing) > 0 {
		return nil, usagef("no credentials for account %s: name a role in it with --assume-role, or a profile with --profile", strings.Join(missing, ", "))
	}
	for _, text := range access.off(changes) {
		fmt.Fprintln(sys.stderr, "warning: "+clean(text))
	}
	return access, nil
}

// off says which regions of changes are not enabled, before anybody agrees to changes
// that will be refused.
func (a *repairAccess) off(changes []*model.Change) (list []string) {
	for _, s := range a.accounts {
		for _, r := range s.Regions {
			n := 0
			for _, c := range changes {
				if c.Resource.Account == s.ID && slices.Contains(changedRegions(c), r.Name) {
					n++
				}
			}
			if n > 0 && r.Gap != nil && r.Gap.Reason == model.ReasonRegionOff {
				list = append(list, fmt.Sprintf("%s is not enabled for account %s: %s there will be refused; `aws account enable-region --region-name %s` enables it",
					r.Name, s.ID, counted(n, "change", "changes"), r.Name))
			}
		}
	}
	return list
}

// changedRegions are the regions that a change works in: its resource's and those of
// new replicas.
func changedRegions(c *model.Change) []string {
	return append([]string{c.Resource.Region}, remediator.NewReplicas(c)...)
}

// repairActions are the IAM actions of all repairs, sorted.
func repairActions() []string {
	var list []string
	for _, a := range remediator.Actions() {
		p := a.Permissions()
		list = append(append(list, p.Reads...), p.Writes...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// canJudge refuses changes that are to settle rules which are not here, or do not
// load: they would be made and then could not be verified.
func (sys system) canJudge(ctx context.Context, judge *judgeOptions, changes []*model.Change) error {
	if _, err := judge.loadFor(ctx, changes); err != nil {
		return fmt.Errorf("nothing was changed, as the changes could not be verified: %w; give the --rules, --config and --param of the plan, or plan again", err)
	}
	return nil
}

// loadFor loads just the rules that changes are to settle.
func (o *judgeOptions) loadFor(ctx context.Context, changes []*model.Change) (*evaluator.Judge, error) {
	settled := *o
	settled.only = nil
	for _, c := range changes {
		for _, id := range c.Rules {
			settled.only = append(settled.only, string(id))
		}
	}
	slices.Sort(settled.only)
	settled.only = slices.Compact(settled.only)
	return settled.loadWith(ctx, o.file)
}

// proveAgain collects the accounts and regions of changes again, and judges them
// by the rules that the changes are to settle.
func (sys system) proveAgain(access *repairAccess, judge *judgeOptions) remediator.Judge {
	return func(ctx context.Context, changes []*model.Change) (now map[model.ChangeID]map[model.RuleID]remediator.Judgement, err error) {
		touched := map[string]bool{}
		byResource := map[model.ResourceID][]*model.Change{}
		for _, c := range changes {
			touched[c.Resource.Account+" "+c.Resource.Region] = true
			byResource[c.Resource] = append(byResource[c.Resource], c)
		}
		j, err := judge.loadFor(ctx, changes)
		if err != nil {
			return nil, err
		}
		detector, err := detect.New()
		if err != nil {
			return nil, err
		}
		spool, err := model.NewSpool("")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, spool.Close()) }()
		all := slices.DeleteFunc(cells(access.accounts, detector), func(c collectors.CellPlan) bool { return !touched[c.Cell.Account+" "+c.Cell.Region] })
		snap, err := collectors.Run(ctx, collectors.Plan{TakenAt: sys.now().UTC(), Tool: sys.version, Cells: all}, spool)
		if err != nil {
			return nil, err
		}
		results, err := model.NewResultSpool("")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, results.Close()) }()
		report, err := j.Evaluate(ctx, snap, results)
		if err != nil {
			return nil, err
		}
		now = map[model.ChangeID]map[model.RuleID]remediator.Judgement{}
		for r, err := range report.Results {
			if err != nil {
				return nil, err
			}
			for _, c := range byResource[r.Resource] {
				if now[c.ID] == nil {
					now[c.ID] = map[model.RuleID]remediator.Judgement{}
				}
				now[c.ID][r.Rule] = remediator.Judgement{Status: r.Status, Why: whyNot(r)}
			}
		}
		return now, nil
	}
}

// whyNot says in one line why a result is no pass.
func whyNot(r *model.Result) string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, f.Message)
	}
	for _, path := range sortedKeys(r.Unknown) {
		u := r.Unknown[path]
		list = append(list, path+": "+u.String())
	}
	return strings.Join(list, "; ")
}
