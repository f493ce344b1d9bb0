package securityhub

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"

	"github.com/keyproof/keyproof/internal/awserr"
)

// Outcome is what a push came to.
type Outcome struct {
	New      int // findings that were not there
	Updated  int // that are still open
	Resolved int // that failed before and pass now, or do not apply
	Archived int // whose resource or reason is gone
	// Refused is how many findings Security Hub did not take, and Refusals the first
	// of them.
	Refused  int
	Refusals []Refusal
	// Troubles are the accounts and regions that took nothing more.
	Troubles []Trouble
}

// Refusal is a finding that was not taken, with the reason in Security Hub's words.
type Refusal struct{ Account, Region, ID, Why string }

// Trouble is why the Security Hub of an account and region took no more findings.
type Trouble struct {
	Account, Region string
	Findings        int // that it did not get
	Err             error
}

// Failed says whether anything did not arrive.
func (o *Outcome) Failed() bool { return o.Refused > 0 || len(o.Troubles) > 0 }

// refusals is how many are named.
const refusals = 10

func (o *Outcome) refuse(at place, id, why string) {
	o.Refused++
	if len(o.Refusals) < refusals {
		o.Refusals = append(o.Refusals, Refusal{at.account, at.region, id, why})
	}
}

// count is where a finding counts.
func (o *Outcome) count(f *types.AwsSecurityFinding, old *earlier) *int {
	switch {
	case f.RecordState == types.RecordStateArchived:
		return &o.Archived
	case quiet(f):
		return &o.Resolved
	case old == nil:
		return &o.New
	default:
		return &o.Updated
	}
}

func (o *Outcome) plan(f *types.AwsSecurityFinding, old *earlier) { *o.count(f, old)++ }

// unplan takes back what did not arrive.
func (o *Outcome) unplan(batch []types.AwsSecurityFinding, c *cell) {
	for i := range batch {
		*o.count(&batch[i], c.earlier[text(batch[i].Id)])--
	}
}

func (o *Outcome) gather(cells []*cell) {
	for _, c := range cells {
		if c.trouble != nil {
			o.Troubles = append(o.Troubles, Trouble{c.account, c.region, c.unsent, c.trouble})
		}
	}
	slices.SortFunc(o.Troubles, func(a, b Trouble) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region))
	})
}

// explain says what an error of a call means and what to do.
func explain(operation string, at place, err error) error {
	switch {
	case err == nil:
		return nil
	case awserr.Code(err) == "InvalidAccessException":
		return fmt.Errorf("it is not on there: aws securityhub enable-security-hub --region %s", at.region)
	case awserr.Denied(err):
		return fmt.Errorf("securityhub:%s denied: `keyproof permissions --push securityhub` prints the policy that the pushing role needs", operation)
	default:
		return fmt.Errorf("call securityhub:%s: %w", operation, err)
	}
}
