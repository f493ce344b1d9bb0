package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
	"github.com/keyproof/keyproof/reports/securityhub"
)

// pushOptions are the flags that send a report somewhere.
type pushOptions struct {
	to    string
	roles []string
}

func (o *pushOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.to, "push", "", "also send the results to a `service`: securityhub")
	f.StringArrayVar(&o.roles, "push-role", nil, "`ARN` of a role to push with, one an account (repeatable; default: the credentials of the scan)")
}

// destinations are what --push can name.
func destinations() []string { return []string{"securityhub"} }

func checkDestination(flag, name string) error {
	if name != "" && !slices.Contains(destinations(), name) {
		return usagef("%s %q: results can be sent to securityhub", flag, name)
	}
	return nil
}

func (o *pushOptions) check() error {
	if o.to == "" && len(o.roles) > 0 {
		return usagef("--push-role is for --push: say where to, such as --push securityhub")
	}
	for _, role := range o.roles {
		if parsed, err := arn.Parse(role); err != nil || parsed.Service != "iam" {
			return usagef("--push-role %q is not the ARN of a role; it looks like arn:aws:iam::111122223333:role/KeyproofPush", role)
		}
	}
	return checkDestination("--push", o.to)
}

// push sends the report and says what came of it. What does not arrive is an
// error, since somebody waits for it there.
func (sys system) push(ctx context.Context, o *scanOptions, r *model.Report) error {
	if o.push.to == "" {
		return nil
	}
	open, err := sys.openPush(ctx, o)
	if err != nil {
		return err
	}
	out, err := securityhub.Push{Client: open, Covers: reports.Covers(r), At: sys.now()}.Send(ctx, reports.Findings(r))
	if err != nil {
		return fmt.Errorf("push to Security Hub: %w", err)
	}
	fmt.Fprintf(sys.stderr, "Security Hub: %d new, %d updated, %d resolved, %d archived\n", out.New, out.Updated, out.Resolved, out.Archived)
	for _, t := range out.Troubles {
		fmt.Fprintf(sys.stderr, "  %s %s: %s not sent; %s\n", t.Account, t.Region, counted(t.Findings, "result", "results"), clean(t.Err.Error()))
	}
	for _, r := range out.Refusals {
		fmt.Fprintf(sys.stderr, "  %s %s: %s not taken: %s\n", r.Account, r.Region, clean(r.ID), clean(r.Why))
	}
	if more := out.Refused - len(out.Refusals); more > 0 {
		fmt.Fprintf(sys.stderr, "  and %d more not taken\n", more)
	}
	if out.Failed() {
		return errors.New("push to Security Hub: not everything arrived; what did is above. The report itself is complete")
	}
	return nil
}
