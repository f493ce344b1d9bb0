// Package iam collects users, groups, roles and customer managed policies, and
// what they allow on all secrets, parameters or keys at once.
//
// IAM belongs to no region: one cell of each account reads it. It makes one call
// for each page of up to a thousand policies, and then of principals.
//
// Policies of AWS's own are read as well, not as rows but because a principal
// that has one has what it allows: SecretsManagerReadWrite reads every secret,
// and nobody but the principal that it is attached to can be blamed for it.
package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

const getDetails = "iam:GetAccountAuthorizationDetails"

// Collector reads the IAM of one account.
type Collector struct {
	iam iam.GetAccountAuthorizationDetailsAPIClient // the only call that is made
}

// New makes a collector for the account of the configuration.
func New(cfg aws.Config) *Collector { return &Collector{iam: iam.NewFromConfig(cfg)} }

// Name returns "iam".
func (*Collector) Name() string { return "iam" }

// Permissions returns the IAM action of the only call.
func (*Collector) Permissions() []string { return []string{getDetails} }

// Collect emits policies first, since principals refer to them. In all cells of
// an account but the first it does nothing.
func (c *Collector) Collect(ctx context.Context, cell *collectors.Cell) error {
	if !cell.First() {
		return nil
	}
	d := &directory{cell: cell, documents: map[string]model.Value[string]{}}
	err := c.pages(ctx, cell, model.KindIAMPolicy, d.policies, types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy)
	if err != nil {
		return err
	}
	return c.pages(ctx, cell, model.KindPrincipal, d.principals, types.EntityTypeUser, types.EntityTypeGroup, types.EntityTypeRole)
}

// pageSize is the largest that the call allows (MaxItems).
const pageSize = 1000

// pages calls f with each page. A refused page leaves a gap, and what came
// before it stays.
func (c *Collector) pages(
	ctx context.Context, cell *collectors.Cell, kind model.Kind, f func(*iam.GetAccountAuthorizationDetailsOutput) error, of ...types.EntityType,
) error {
	in := &iam.GetAccountAuthorizationDetailsInput{Filter: of, MaxItems: aws.Int32(pageSize)}
	for pages := iam.NewGetAccountAuthorizationDetailsPaginator(c.iam, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if fatal := awserr.Fatal(ctx, err); fatal != nil {
				return fatal
			}
			cell.Gap(kind, awserr.Unknown(getDetails, err))
			return nil
		}
		if err := f(page); err != nil {
			return err
		}
	}
	cell.Listed(kind)
	return nil
}
