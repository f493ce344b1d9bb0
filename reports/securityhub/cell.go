package securityhub

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"
)

// Limits of BatchImportFindings (partner guide, "Guidelines for using the
// BatchImportFindings API"). The size of a batch is kept below its limit, as what
// is around the findings counts too.
const (
	batchFindings = 100
	batchBytes    = 6<<20 - 64<<10
	findingBytes  = 240 << 10
)

// cell is the Security Hub of one account and region.
type cell struct {
	place
	client  Client
	earlier map[string]*earlier // our findings that are active there, by id
	pending []types.AwsSecurityFinding
	size    int   // bytes of the pending ones
	trouble error // why it takes nothing; nil when it does
	unsent  int   // findings that it did not get for that
}

// earlier is a finding of an earlier push: what is needed of it to close it.
type earlier struct {
	finding     types.AwsSecurityFinding
	quiet, seen bool
}

// cell opens the place when it is met first.
func (s *sending) cell(ctx context.Context, at place, product string) *cell {
	if c := s.cells[at]; c != nil {
		return c
	}
	c := &cell{place: at}
	s.cells[at], s.order = c, append(s.order, c)
	if c.client, c.trouble = s.Client(at.account, at.region); c.trouble == nil {
		c.trouble = explain("GetFindings", at, c.read(ctx, product))
	}
	return c
}

// read fetches the findings that are there of us.
func (c *cell) read(ctx context.Context, product string) error {
	c.earlier = map[string]*earlier{}
	equals := func(value string) []types.StringFilter {
		return []types.StringFilter{{Comparison: types.StringFilterComparisonEquals, Value: &value}}
	}
	in := &sdk.GetFindingsInput{MaxResults: aws.Int32(batchFindings), Filters: &types.AwsSecurityFindingFilters{
		ProductArn: equals(product), RecordState: equals(string(types.RecordStateActive)),
		GeneratorId: []types.StringFilter{{Comparison: types.StringFilterComparisonPrefix, Value: aws.String("keyproof/")}},
	}}
	for {
		page, err := c.client.GetFindings(ctx, in)
		if err != nil {
			return err
		}
		for i := range page.Findings {
			f := &page.Findings[i]
			c.earlier[text(f.Id)] = &earlier{quiet: quiet(f), finding: types.AwsSecurityFinding{ // the required members, and no more
				SchemaVersion: f.SchemaVersion, Id: f.Id, ProductArn: f.ProductArn, GeneratorId: f.GeneratorId, AwsAccountId: f.AwsAccountId, Region: f.Region,
				CreatedAt: f.CreatedAt, Title: f.Title, Description: f.Description, Types: f.Types, Severity: f.Severity, Resources: f.Resources, Compliance: f.Compliance,
			}}
		}
		if text(page.NextToken) == "" {
			return nil
		}
		in.NextToken = page.NextToken
	}
}

// archive closes what the report no longer has, where it would have it.
func (s *sending) archive(ctx context.Context, c *cell) {
	for _, old := range c.earlier {
		if c.trouble != nil {
			return
		}
		if old.seen || !s.Covers(text(old.finding.GeneratorId), c.account, c.region) {
			continue
		}
		f := old.finding
		f.RecordState = types.RecordStateArchived
		s.add(ctx, c, s.newer(&f, old), old)
	}
}

// add puts a finding into the next batch, and sends that when it is full.
func (s *sending) add(ctx context.Context, c *cell, f *types.AwsSecurityFinding, old *earlier) {
	raw, err := json.Marshal(f) // with members that are not set, so it is more than what goes out
	if err != nil || len(raw) > findingBytes {
		s.out.refuse(c.place, text(f.Id), fmt.Sprintf("it has %d bytes, and Security Hub takes %d", len(raw), findingBytes))
		return
	}
	if c.size+len(raw) > batchBytes {
		s.send(ctx, c)
	}
	c.pending = append(c.pending, *f)
	c.size += len(raw)
	s.waiting++
	s.out.plan(f, old)
	if len(c.pending) == batchFindings {
		s.send(ctx, c)
	}
}

func (s *sending) flush(ctx context.Context) {
	for _, c := range s.order {
		s.send(ctx, c)
	}
}

// send sends the batch of a cell. The SDK tries again when it is throttled; what
// fails after that is unsent.
func (s *sending) send(ctx context.Context, c *cell) {
	n := len(c.pending)
	if n == 0 {
		return
	}
	batch := c.pending
	c.pending, c.size = nil, 0
	s.waiting -= n
	if c.trouble != nil {
		c.unsent += n
		s.out.unplan(batch, c)
		return
	}
	out, err := c.client.BatchImportFindings(ctx, &sdk.BatchImportFindingsInput{Findings: batch})
	if err != nil {
		c.trouble, c.unsent = explain("BatchImportFindings", c.place, err), c.unsent+n
		s.out.unplan(batch, c)
		return
	}
	refused := map[string]bool{}
	for _, f := range out.FailedFindings {
		refused[text(f.Id)] = true
		s.out.refuse(c.place, text(f.Id), text(f.ErrorCode)+": "+text(f.ErrorMessage))
	}
	var failed []types.AwsSecurityFinding
	for i := range batch {
		if refused[text(batch[i].Id)] {
			failed = append(failed, batch[i])
		}
	}
	s.out.unplan(failed, c)
}
