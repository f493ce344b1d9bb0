// Package secretsmanager reads the secrets of an account in a region: all that
// AWS says of them, and never a value.
//
// Its promise: at most two calls a secret beside the pages of ListSecrets, which
// carries most: DescribeSecret for what only it tells (the replicas) and
// GetResourcePolicy. A call that is refused or fails makes the attributes that
// hang on it unknown; the secret stays.
package secretsmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// client lists the calls that are made: no other is possible.
type client interface {
	ListSecrets(context.Context, *sm.ListSecretsInput, ...func(*sm.Options)) (*sm.ListSecretsOutput, error)
	DescribeSecret(context.Context, *sm.DescribeSecretInput, ...func(*sm.Options)) (*sm.DescribeSecretOutput, error)
	GetResourcePolicy(context.Context, *sm.GetResourcePolicyInput, ...func(*sm.Options)) (*sm.GetResourcePolicyOutput, error)
}

// The IAM actions of the calls.
const (
	list      = "secretsmanager:ListSecrets"
	describe  = "secretsmanager:DescribeSecret"
	getPolicy = "secretsmanager:GetResourcePolicy"
)

const (
	pageSize = 100 // the most that ListSecrets gives
	atATime  = 8   // secrets of a page that are read side by side
)

// Collector reads the secrets of one account in one region.
type Collector struct {
	client client
}

// New returns a collector that calls with the configuration.
func New(cfg aws.Config) *Collector { return &Collector{client: sm.NewFromConfig(cfg)} }

// Name is the service's name as IAM spells it.
func (*Collector) Name() string { return "secretsmanager" }

// Permissions are the IAM actions of all calls.
func (*Collector) Permissions() []string { return []string{list, describe, getPolicy} }

// Collect emits all secrets, replicas and those marked for deletion included.
func (c *Collector) Collect(ctx context.Context, cell *collectors.Cell) error {
	// A secret that changes while the pages are read may be on two of them.
	seen := map[string]bool{}
	in := &sm.ListSecretsInput{IncludePlannedDeletion: aws.Bool(true), MaxResults: aws.Int32(pageSize)}
	for {
		page, err := c.client.ListSecrets(ctx, in)
		if err != nil {
			if fatal := awserr.Fatal(ctx, err); fatal != nil {
				return fatal
			}
			cell.Gap(model.KindSecret, awserr.Unknown(list, err))
			return nil
		}
		var fresh []types.SecretListEntry
		for _, s := range page.SecretList {
			arn := aws.ToString(s.ARN)
			if arn == "" {
				cell.Gap(model.KindSecret, left("the ARN of a secret"))
			} else if !seen[arn] {
				seen[arn] = true
				fresh = append(fresh, s)
			}
		}
		err = collectors.Each(ctx, atATime, fresh, func(ctx context.Context, s types.SecretListEntry) error {
			return c.secret(ctx, cell, s)
		})
		if err != nil {
			return err
		}
		next := aws.ToString(page.NextToken)
		switch next {
		case "":
			cell.Listed(model.KindSecret)
			return nil
		case aws.ToString(in.NextToken):
			cell.Gap(model.KindSecret, left("the next page of secrets"))
			return nil
		}
		in.NextToken = aws.String(next)
	}
}

// left is why something is unknown that AWS should have said and did not.
func left(what string) model.Unknown {
	return model.Unknown{Reason: model.ReasonFailed, Action: list, Detail: "AWS left out " + what}
}

// secret reads the rest of a secret and emits it.
func (c *Collector) secret(ctx context.Context, cell *collectors.Cell, s types.SecretListEntry) error {
	r, body := fromList(cell, s)
	if replica, _ := body.IsReplica.Get(); replica {
		// AWS copies policy and tags from the primary ("Replicate secrets across
		// Regions"), which alone can have replicas.
		body.PolicyFacts = none()
		body.Replicas, body.ReplicaStates = model.None[[]model.Replica](), model.None[[]model.ReplicaState]()
		return cell.Emit(r)
	}
	for _, read := range []func(context.Context, *collectors.Cell, types.SecretListEntry, *model.Secret) error{c.replicas, c.policy} {
		err := read(ctx, cell, s, body)
		if gone(err) {
			// Deleted since it was listed: it does not exist, so that no row is
			// the truth. No other refusal drops a row.
			return nil
		}
		if err != nil {
			return err
		}
	}
	return cell.Emit(r)
}

func none() model.PolicyFacts {
	return model.PolicyFacts{
		PolicyPresent:    model.None[bool](),
		PolicyPublic:     model.None[bool](),
		PolicyStatements: model.None[[]model.PolicyStatement](),
		OutsideAccounts:  model.None[[]string](),
		Outsiders:        model.None[[]model.Outsider](),
		Networks:         model.None[[]string](),
	}
}
