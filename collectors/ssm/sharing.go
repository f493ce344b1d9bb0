package ssm

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// sharing is the facts of the resource policies of parameters, by ARN.
type sharing map[string]model.PolicyFacts

// sharing says with whom the parameters of a page are shared. "To share a
// parameter, it must be in the advanced parameter tier" (Systems Manager User
// Guide, "Working with shared parameters"): one of the standard tier has no
// policy, and no call is made for it. AWS RAM "instantiates the resource-based
// policy on each resource shared" (RAM API Reference, CreatePermission), so that
// its shares are among the policies.
func (c *Collector) sharing(ctx context.Context, cell *collectors.Cell, page []types.ParameterMetadata) (sharing, error) {
	shared := sharing{}
	var arns []string
	for i := range page {
		arn := arnOf(cell, &page[i])
		if page[i].Tier == types.ParameterTierStandard {
			shared[arn] = iampolicy.Facts("", cell.ID(model.KindParameter, arn), cell.Trusts)
		} else {
			arns = append(arns, arn)
		}
	}
	var mu sync.Mutex
	err := collectors.Each(ctx, parallel, arns, func(ctx context.Context, arn string) error {
		facts, err := c.policyFacts(ctx, cell, arn)
		mu.Lock()
		defer mu.Unlock()
		shared[arn] = facts
		return err
	})
	return shared, err
}

// policyFacts reads the policies of one parameter. A refused or failed call,
// also for a parameter that was deleted since it was listed, makes them unknown.
func (c *Collector) policyFacts(ctx context.Context, cell *collectors.Cell, arn string) (model.PolicyFacts, error) {
	var docs []string
	pages := ssm.NewGetResourcePoliciesPaginator(c.ssm, &ssm.GetResourcePoliciesInput{ResourceArn: &arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return iampolicy.Unreadable(awserr.Unknown(getResourcePolicies, err)), awserr.Fatal(ctx, err)
		}
		for _, p := range page.Policies {
			if aws.ToString(p.Policy) == "" {
				why := model.Unknown{Reason: model.ReasonFailed, Action: getResourcePolicies, Detail: "AWS left out the text of a policy"}
				return iampolicy.Unreadable(why), nil
			}
			docs = append(docs, *p.Policy)
		}
	}
	return iampolicy.FactsOfAll(docs, cell.ID(model.KindParameter, arn), cell.Trusts), nil
}
