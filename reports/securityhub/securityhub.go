// Package securityhub keeps AWS Security Hub in step with a report: it imports
// what fails, is unknown or waived, says of what failed before that it passes now,
// and archives what is no longer there.
//
// It is the one part of a scan that writes, to Security Hub and to nothing else:
// its client has two calls, and its credentials are opened apart from those of
// the scan, which can only read. It runs when it is asked for and never otherwise.
//
// Nothing that is unknown is ever closed: an earlier finding that the report does
// not mention is archived only where the report covers it; see Push.Covers.
package securityhub

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"
)

// Client is all that is called of Security Hub.
type Client interface {
	GetFindings(context.Context, *sdk.GetFindingsInput, ...func(*sdk.Options)) (*sdk.GetFindingsOutput, error)
	BatchImportFindings(context.Context, *sdk.BatchImportFindingsInput, ...func(*sdk.Options)) (*sdk.BatchImportFindingsOutput, error)
}

// Permissions are the IAM actions of those calls.
func Permissions() []string {
	return []string{"securityhub:BatchImportFindings", "securityhub:GetFindings"}
}

// Push is a report on its way to the Security Hubs of its accounts and regions.
type Push struct {
	// Client is for an account and region; an error says why there is none.
	Client func(account, region string) (Client, error)
	// Covers says of which earlier findings the report would have one too, if there
	// was still something to say: by GeneratorId, account and region.
	Covers func(generator, account, region string) bool
	// At is the time of the push. Security Hub ignores an update that is not newer
	// than what it has.
	At time.Time
}

// held is how many findings wait in memory, of all accounts and regions together,
// before they are sent in batches that are not full.
const held = 5000

// Send sends the findings, each a JSON document of the Security Finding Format,
// and closes earlier ones. What one account or region refuses does not stop the
// others: the outcome says so. The error is of the findings or of the context.
func (p Push) Send(ctx context.Context, findings iter.Seq2[json.RawMessage, error]) (*Outcome, error) {
	s := &sending{Push: p, cells: map[place]*cell{}, out: &Outcome{}}
	for raw, err := range findings {
		if err != nil {
			return s.out, err
		}
		if err := s.finding(ctx, raw); err != nil {
			return s.out, err
		}
		if s.waiting >= held {
			s.flush(ctx)
		}
		if ctx.Err() != nil {
			return s.out, context.Cause(ctx)
		}
	}
	for _, c := range s.order {
		s.archive(ctx, c)
	}
	s.flush(ctx)
	s.out.gather(s.order)
	return s.out, context.Cause(ctx)
}

// sending is a push under way.
type sending struct {
	Push
	cells   map[place]*cell
	order   []*cell
	waiting int
	out     *Outcome
}

type place struct{ account, region string }

func (p place) String() string { return p.account + " " + p.region }

func (s *sending) finding(ctx context.Context, raw json.RawMessage) error {
	var f types.AwsSecurityFinding // its members are called what the format calls them
	if err := json.Unmarshal(raw, &f); err != nil {
		return fmt.Errorf("read a finding: %w", err)
	}
	c := s.cell(ctx, place{text(f.AwsAccountId), text(f.Region)}, text(f.ProductArn))
	if c.trouble != nil {
		c.unsent++
		return nil
	}
	old := c.earlier[text(f.Id)]
	if old != nil {
		old.seen = true
	}
	if !worth(old, &f) {
		return nil
	}
	s.add(ctx, c, s.newer(&f, old), old)
	return nil
}

// worth says whether Security Hub needs to hear of a finding. Of what passes or
// does not apply only if it thinks otherwise: most results are such, and each
// finding costs.
func worth(old *earlier, f *types.AwsSecurityFinding) bool {
	return !quiet(f) || old != nil && !old.quiet
}

func quiet(f *types.AwsSecurityFinding) bool {
	return f.Compliance != nil && (f.Compliance.Status == types.ComplianceStatusPassed || f.Compliance.Status == types.ComplianceStatusNotAvailable)
}

// newer makes f an update of what was there. Severity and types go where a
// provider may change them later (API reference, BatchImportFindings).
func (s *sending) newer(f *types.AwsSecurityFinding, old *earlier) *types.AwsSecurityFinding {
	at := s.At.UTC().Format(time.RFC3339)
	f.UpdatedAt = &at
	if old != nil {
		f.CreatedAt = old.finding.CreatedAt
	}
	f.FindingProviderFields = &types.FindingProviderFields{Types: f.Types}
	if f.Severity != nil {
		f.FindingProviderFields.Severity = &types.FindingProviderSeverity{Label: f.Severity.Label, Original: f.Severity.Original}
	}
	return f
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
