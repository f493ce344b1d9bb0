package kms

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// customer fills what is worth asking of a key that the customer manages.
func (c *Collector) customer(ctx context.Context, cell *collectors.Cell, k types.KeyListEntry, body *model.Key) error {
	for _, read := range []func(context.Context, *collectors.Cell, types.KeyListEntry, *model.Key) error{
		c.policy, c.rotation, c.rotations, c.grants,
	} {
		if err := read(ctx, cell, k, body); err != nil {
			return err
		}
	}
	return nil
}

// policyName is the only name that a key policy can have (GetKeyPolicy).
const policyName = "default"

func (c *Collector) policy(ctx context.Context, cell *collectors.Cell, k types.KeyListEntry, body *model.Key) error {
	out, err := c.client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyArn, PolicyName: aws.String(policyName)})
	if err != nil {
		body.PolicyFacts = iampolicy.Unreadable(awserr.Unknown(getPolicy, err))
		return awserr.Fatal(ctx, err)
	}
	body.PolicyFacts = iampolicy.Facts(aws.ToString(out.Policy), cell.ID(model.KindKey, aws.ToString(k.KeyArn)), cell.Trusts)
	return nil
}

// grantPage is the most that ListGrants gives a page.
const grantPage = 100

// grants counts the grants and finds those that let in an outside account.
func (c *Collector) grants(ctx context.Context, cell *collectors.Cell, k types.KeyListEntry, body *model.Key) error {
	count := 0
	var grantees []string
	for pages := kms.NewListGrantsPaginator(c.client, &kms.ListGrantsInput{KeyId: k.KeyArn, Limit: aws.Int32(grantPage)}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			why := awserr.Unknown(listGrants, err)
			body.GrantCount, body.GrantOutside = model.Missing[int](why), model.Missing[[]string](why)
			body.GrantOutsiders = model.Missing[[]model.Outsider](why)
			return awserr.Fatal(ctx, err)
		}
		count += len(page.Grants)
		for _, g := range page.Grants {
			// A service principal, which either field may hold, is no account.
			if p := aws.ToString(g.GranteePrincipal); p != "" && !isService(p) {
				grantees = append(grantees, p)
			}
		}
	}
	body.GrantCount = model.Known(count)
	body.GrantOutside, body.GrantOutsiders = iampolicy.Outside(grantees, cell.Account, cell.Trusts)
	return nil
}

func isService(principal string) bool {
	return strings.HasSuffix(principal, ".amazonaws.com") || strings.HasSuffix(principal, ".amazonaws.com.cn")
}
