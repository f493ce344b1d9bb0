package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	sdk "github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/keyproof/keyproof/reports/securityhub"
)

// pushAttempts is how often a call is tried: Security Hub takes ten a second from
// an account and region, and waits between the attempts grow to 20 seconds.
const pushAttempts = 8

// openPush opens the accounts once more, for writing to Security Hub: what the
// scan was opened with can only read. It returns what makes a client of an
// account and region.
func (sys system) openPush(ctx context.Context, o *scanOptions) (func(account, region string) (securityhub.Client, error), error) {
	profiles, roles := o.access.profiles, o.push.roles
	if len(profiles) == 0 {
		profiles = []string{""}
	}
	if len(roles) == 0 {
		roles = o.access.roles
	}
	accounts := map[string]aws.Config{}
	for _, profile := range profiles {
		base, err := o.access.pushConfig(ctx, profile)
		if err != nil {
			return nil, fmt.Errorf("push to Security Hub: %w", err)
		}
		if len(roles) == 0 {
			who, err := sts.NewFromConfig(base).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
			if err != nil {
				return nil, fmt.Errorf("push to Security Hub: find out whose credentials these are: %w", err)
			}
			accounts[aws.ToString(who.Account)] = base
		}
		for _, role := range roles {
			cfg := base.Copy()
			cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(base), role, func(a *stscreds.AssumeRoleOptions) {
				a.RoleSessionName = "keyproof-push"
				if o.access.externalID != "" {
					a.ExternalID = &o.access.externalID
				}
			}))
			parsed, _ := arn.Parse(role) // o.check and the scan have checked it
			accounts[parsed.AccountID] = cfg
		}
	}
	return func(account, region string) (securityhub.Client, error) {
		cfg, ok := accounts[account]
		if !ok {
			return nil, fmt.Errorf("no credentials for the account: name a role of it with --push-role")
		}
		cfg = cfg.Copy()
		cfg.Region = region
		return sdk.NewFromConfig(cfg), nil
	}, nil
}

func (o *accessOptions) pushConfig(ctx context.Context, profile string) (aws.Config, error) {
	retryer := func() aws.Retryer {
		return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
			o.StandardOptions = append(o.StandardOptions, func(s *retry.StandardOptions) { s.MaxAttempts = pushAttempts })
		})
	}
	if o.base != nil {
		base := o.base.Copy()
		base.Retryer = retryer
		return base, nil
	}
	opts := []func(*config.LoadOptions) error{config.WithRetryer(retryer), config.WithLogger(logging.Nop{})}
	if profile != "" {
		opts = append(opts, config.WithSharedConfigProfile(profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err == nil && cfg.Region == "" && len(o.regions) > 0 && o.regions[0] != "all" {
		cfg.Region = o.regions[0] // STS answers in any
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	return cfg, err
}
