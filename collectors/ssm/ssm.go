// Package ssm collects the parameters of Parameter Store.
//
// A SecureString is never asked for, not even encrypted. The values of String
// and StringList parameters, which anybody who may list them can be given to
// read, go from the answer straight into the classification and no further.
//
// It makes a call for every fifty parameters, one for every ten plain values,
// one for every hundred tagged parameters, and one for each that can be shared.
package ssm

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

const (
	describeParameters  = "ssm:DescribeParameters"
	getParameters       = "ssm:GetParameters"
	getResourcePolicies = "ssm:GetResourcePolicies"
	getResources        = "tag:GetResources"
)

// client lists the calls made to Parameter Store. GetParameters is made without
// decryption and for plain parameters only.
type client interface {
	ssm.DescribeParametersAPIClient
	ssm.GetResourcePoliciesAPIClient
	GetParameters(context.Context, *ssm.GetParametersInput, ...func(*ssm.Options)) (*ssm.GetParametersOutput, error)
}

// Collector reads the parameters of one account in one region.
type Collector struct {
	ssm      client
	tags     resourcegroupstaggingapi.GetResourcesAPIClient
	detector *detect.Detector
}

// New makes a collector for the account and region of the configuration.
func New(cfg aws.Config, detector *detect.Detector) *Collector {
	return &Collector{ssm: ssm.NewFromConfig(cfg), tags: resourcegroupstaggingapi.NewFromConfig(cfg), detector: detector}
}

// Name returns "ssm".
func (*Collector) Name() string { return "ssm" }

// Permissions returns the IAM actions of all calls.
func (*Collector) Permissions() []string {
	return []string{describeParameters, getParameters, getResourcePolicies, getResources}
}

// pageSize is the largest that DescribeParameters allows.
const pageSize = 50

// Collect emits every parameter of the region that the account owns.
func (c *Collector) Collect(ctx context.Context, cell *collectors.Cell) error {
	tags, err := c.listTags(ctx)
	if err != nil {
		return err
	}
	values := &values{ssm: c.ssm, detector: c.detector}
	seen := map[string]bool{}
	pages := ssm.NewDescribeParametersPaginator(c.ssm, &ssm.DescribeParametersInput{MaxResults: aws.Int32(pageSize)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if fatal := awserr.Fatal(ctx, err); fatal != nil {
				return fatal
			}
			cell.Gap(model.KindParameter, awserr.Unknown(describeParameters, err))
			return nil
		}
		if err := c.emit(ctx, cell, unseen(cell, seen, page.Parameters), tags, values); err != nil {
			return err
		}
	}
	cell.Listed(model.KindParameter)
	return nil
}

// unseen drops parameters that an earlier page had. The list is made "on a
// best-effort basis" while parameters change, and two states of one parameter
// in a snapshot would contradict each other. (No two parameters have the same
// ARN: names that differ in the leading slash only are not unique, says the
// Systems Manager User Guide, "Requirements and constraints for parameter names".)
func unseen(cell *collectors.Cell, seen map[string]bool, page []types.ParameterMetadata) []types.ParameterMetadata {
	kept := page[:0]
	for _, p := range page {
		if id := arnOf(cell, &p); !seen[id] {
			seen[id] = true
			kept = append(kept, p)
		}
	}
	return kept
}

func (c *Collector) emit(ctx context.Context, cell *collectors.Cell, page []types.ParameterMetadata, tags tagList, values *values) error {
	var plain []string
	for i := range page {
		if readable(&page[i]) {
			plain = append(plain, aws.ToString(page[i].Name))
		}
	}
	found, err := values.classify(ctx, plain)
	if err != nil {
		return err
	}
	shared, err := c.sharing(ctx, cell, page)
	if err != nil {
		return err
	}
	for i := range page {
		if err := cell.Emit(parameter(cell, &page[i], tags, found, shared)); err != nil {
			return err
		}
	}
	return nil
}
