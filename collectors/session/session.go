// Package session opens AWS accounts for reading: it finds credentials, says
// which account they belong to, and which regions and organization the account
// has.
//
// Its promise: a configuration that it hands out can only read. Before a
// request is signed, its operation is looked up in the list of reads that the
// collectors declare, and refused when it is not there. So a scan cannot write
// and cannot fetch a secret's value, whatever a collector tries. A session that
// was opened for repairs can make the calls that the repairs declare, too; no
// scan opens one.
package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// Options say which accounts and regions to open.
type Options struct {
	Profiles   []string // of the shared configuration files; empty: the default credential chain
	Roles      []string // ARNs, each assumed from the profile's credentials; empty: the credentials themselves
	ExternalID string   // handed to AssumeRole; empty for none
	Regions    []string // names, or "all" for the enabled ones; empty: the profile's region
	Trusted    []string // accounts outside the organization that are trusted
	// Reads are the IAM actions that configurations may be used for.
	Reads []string
	// Queries are the IAM actions of calls that start or stop a query of an engine;
	// empty for a scan, which cannot make them.
	Queries []string
	// Repairs are the IAM actions of the calls that repairs make, on top of Reads;
	// empty for a scan.
	Repairs []string
	// Unlimited switches the request rates off, for endpoints that are not AWS.
	Unlimited bool
	// Version goes into the user agent.
	Version string
	// Base is used instead of what the environment and the shared files say, for
	// embedded endpoints; nil for the standard way.
	Base *aws.Config
}

// Account is an account that can be read.
type Account struct {
	ID        string
	Caller    string // ARN of who reads it; empty when nobody can
	Partition string // aws, aws-cn, aws-us-gov
	Org       *collectors.Organization
	Regions   []Region
	// Gap is why nothing of the account can be read; nil when it can.
	Gap *model.Unknown

	base   aws.Config
	limits *limits
	may    calls
}

// Region is a region of an account.
type Region struct {
	Name string
	Gap  *model.Unknown // why nothing of it can be read; nil when it can
}

// Permissions are the IAM actions of the calls that Open makes.
// sts:GetCallerIdentity needs no permission and is not among them.
func Permissions() []string {
	return []string{"account:ListRegions", "organizations:DescribeOrganization", "organizations:ListAccounts"}
}

// Config returns the configuration for reading one region of the account, and
// for repairing it where the session was opened for that.
func (a *Account) Config(region string) aws.Config {
	cfg := a.base.Copy()
	cfg.Region = region
	cfg.APIOptions = append(cfg.APIOptions, guard(a.may), a.limits.middleware(a.ID, region))
	return cfg
}

// Open finds the accounts. Errors are for users, with the next thing to do.
func Open(ctx context.Context, o Options) ([]*Account, error) {
	for _, role := range o.Roles {
		if parsed, err := arn.Parse(role); err != nil || parsed.Service != "iam" || !strings.HasPrefix(parsed.Resource, "role/") {
			return nil, usagef("--assume-role %q is not the ARN of a role; it looks like arn:aws:iam::111122223333:role/Audit", role)
		}
	}
	for _, region := range o.Regions {
		if err := checkRegionName(region); err != nil {
			return nil, err
		}
	}
	profiles := o.Profiles
	if len(profiles) == 0 {
		profiles = []string{""}
	}
	var accounts []*Account
	for _, profile := range profiles {
		opened, err := o.openProfile(ctx, profile)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, opened...)
	}
	if err := distinct(accounts); err != nil {
		return nil, err
	}
	if err := allRefused(accounts); err != nil {
		return nil, err
	}
	for _, a := range accounts {
		if err := a.findRegions(ctx, o.Regions); err != nil {
			return nil, err
		}
	}
	findOrganizations(ctx, accounts, o.Trusted)
	return accounts, ctx.Err()
}

func (o Options) openProfile(ctx context.Context, profile string) ([]*Account, error) {
	base, err := o.load(ctx, profile)
	if err != nil {
		return nil, explain(ctx, profile, "", err)
	}
	if base.Region == "" {
		if len(o.Regions) == 0 {
			return nil, usagef("no region: name one with --region (or --region all), or set AWS_REGION")
		}
		// STS and the listing of regions answer in any region of a partition.
		base.Region = firstRegion(o.Regions)
	}
	if len(o.Roles) == 0 {
		a, err := o.identify(ctx, base)
		if err != nil {
			return nil, explain(ctx, profile, base.Region, err)
		}
		return []*Account{a}, nil
	}
	var accounts []*Account
	for _, role := range o.Roles {
		a, err := o.assume(ctx, base, role)
		if err != nil {
			return nil, explain(ctx, profile, base.Region, err)
		}
		accounts = append(accounts, a)
	}
	return accounts, nil
}

func (o Options) load(ctx context.Context, profile string) (aws.Config, error) {
	if o.Base != nil {
		base := o.Base.Copy()
		base.Retryer = adaptive
		return base, nil
	}
	opts := []func(*config.LoadOptions) error{
		config.WithAppID("keyproof-" + appID(o.Version)), config.WithRetryer(adaptive),
		config.WithLogger(logging.Nop{}), // what goes wrong is in errors; its warnings are no text for users
	}
	if profile != "" {
		opts = append(opts, config.WithSharedConfigProfile(profile))
	}
	return config.LoadDefaultConfig(ctx, opts...)
}

func adaptive() aws.Retryer {
	return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
		o.StandardOptions = append(o.StandardOptions, func(so *retry.StandardOptions) { so.MaxAttempts = maxAttempts })
	})
}

// maxAttempts is two more than the SDK's default: a scan makes many calls, and
// each that gives up leaves an unknown.
const maxAttempts = 5

// appID keeps what a user agent may hold.
func appID(version string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, version[:min(len(version), 40)])
}

func (o Options) identify(ctx context.Context, base aws.Config) (*Account, error) {
	who, err := sts.NewFromConfig(base, func(o *sts.Options) {
		// Somebody waits for the first answer: a wrong endpoint shows at once.
		o.Retryer = retry.AddWithMaxAttempts(o.Retryer, 2)
	}).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, err
	}
	parsed, err := arn.Parse(aws.ToString(who.Arn))
	if err != nil {
		return nil, fmt.Errorf("read the caller's identity %q: %w", aws.ToString(who.Arn), err)
	}
	a := o.account(aws.ToString(who.Account), parsed.Partition, base)
	a.Caller = aws.ToString(who.Arn)
	return a, nil
}

func (o Options) account(id, partition string, base aws.Config) *Account {
	set := func(actions []string) map[string]bool {
		m := map[string]bool{}
		for _, action := range actions {
			m[action] = true
		}
		return m
	}
	may := calls{reads: set(append(Permissions(), o.Reads...)), queries: set(o.Queries), repairs: set(o.Repairs)}
	return &Account{ID: id, Partition: partition, base: base, limits: newLimits(o.Unlimited), may: may}
}

// assume opens the account of a role. A role that cannot be assumed is a gap
// of its account: what is there is unknown, and must not look like nothing.
func (o Options) assume(ctx context.Context, base aws.Config, role string) (*Account, error) {
	parsed, err := arn.Parse(role)
	if err != nil {
		return nil, err
	}
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(base), role, func(opts *stscreds.AssumeRoleOptions) {
		opts.RoleSessionName = "keyproof"
		if o.ExternalID != "" {
			opts.ExternalID = &o.ExternalID
		}
	})
	cfg := base.Copy()
	cfg.Credentials = aws.NewCredentialsCache(provider)
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil || !refused(err) {
			return nil, err
		}
		a := o.account(parsed.AccountID, parsed.Partition, cfg)
		a.Gap = assumeGap(role, err)
		return a, nil
	}
	return o.identify(ctx, cfg)
}

func distinct(accounts []*Account) error {
	seen := map[string]bool{}
	for _, a := range accounts {
		if seen[a.ID] {
			return usagef("account %s is named twice by --profile and --assume-role; name it once", a.ID)
		}
		seen[a.ID] = true
	}
	return nil
}

// allRefused is an error when no account at all can be read: there is nothing
// to scan.
func allRefused(accounts []*Account) error {
	for _, a := range accounts {
		if a.Gap == nil {
			return nil
		}
	}
	return fmt.Errorf("cannot assume the role in account %s: %s; let the role trust the caller, and allow the caller sts:AssumeRole on it", accounts[0].ID, accounts[0].Gap.Detail)
}
