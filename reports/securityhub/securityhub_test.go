package securityhub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"
	"github.com/stretchr/testify/require"

	fixture "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/reports/securityhub"
)

const (
	prod  = "111122223333"
	dev   = "444455556666"
	world = `
accounts:
  - id: "111122223333"
    name: prod
    credentials: [{access_key: AKIDACMEPRODSCANNER1, secret_key: x, principal: user/push}]
    regions:
      us-east-1: {security_hub: true}
      eu-west-1: {}
  - id: "444455556666"
    name: dev
    credentials: [{access_key: AKIDACMEDEVSCANNER01, secret_key: x, principal: user/push}]
    denied: [{action: "securityhub:BatchImportFindings"}]
    regions:
      us-east-1: {security_hub: true}
`
)

// day is when the n-th push is made.
func day(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }

// site is a Security Hub that is served, and what is sent there.
type site struct {
	t      *testing.T
	server *fixture.Server
	covers func(generator, account, region string) bool
}

func newSite(t *testing.T) *site {
	w, err := fixture.Load(strings.NewReader(world), day(1))
	require.NoError(t, err)
	server, err := fixture.Serve(context.Background(), w)
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	return &site{t, server, func(string, string, string) bool { return true }}
}

func (s *site) client(account, region string) (securityhub.Client, error) {
	key := map[string]string{prod: "AKIDACMEPRODSCANNER1", dev: "AKIDACMEDEVSCANNER01"}[account]
	if key == "" {
		return nil, errors.New("no credentials for the account")
	}
	return s.sdk(key, region), nil
}

func (s *site) sdk(key, region string) *sdk.Client {
	return sdk.NewFromConfig(aws.Config{
		Region: region, BaseEndpoint: aws.String(s.server.URL()), HTTPClient: s.server.Client(), Credentials: credentials.NewStaticCredentialsProvider(key, "x", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 8, 10*time.Millisecond })
		},
	})
}

func (s *site) push(n int, findings ...string) *securityhub.Outcome {
	s.t.Helper()
	out, err := securityhub.Push{Client: s.client, Covers: s.covers, At: day(n)}.Send(context.Background(), docs(findings))
	require.NoError(s.t, err)
	return out
}

func docs(findings []string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, f := range findings {
			if !yield(json.RawMessage(f), nil) {
				return
			}
		}
	}
}

// finding is one in the format, as reports make it.
func finding(account, region, id, status string) string {
	return fmt.Sprintf(`{"SchemaVersion":"2018-10-08","Id":"keyproof/%[3]s","ProductArn":"arn:aws:securityhub:%[2]s:%[1]s:product/%[1]s/default",
		"GeneratorId":"keyproof/SM-001","AwsAccountId":"%[1]s","Region":"%[2]s","CreatedAt":"2026-03-01T00:00:00Z","UpdatedAt":"2026-03-01T00:00:00Z",
		"Types":["Software and Configuration Checks"],"Title":"t","Description":"d","Severity":{"Label":"HIGH","Original":"high"},
		"Compliance":{"Status":"%[4]s"},"Resources":[{"Type":"Other","Id":"%[3]s"}],"Workflow":{"Status":"NEW"},"RecordState":"ACTIVE"}`, account, region, id, status)
}

func many(n int, status string) (all []string) {
	for i := range n {
		all = append(all, finding(prod, "us-east-1", fmt.Sprintf("f%04d", i), status))
	}
	return all
}

// stored are all findings that Security Hub has in production, by id.
func (s *site) stored() map[string]types.AwsSecurityFinding {
	s.t.Helper()
	all := map[string]types.AwsSecurityFinding{}
	in := &sdk.GetFindingsInput{MaxResults: aws.Int32(100)}
	for {
		page, err := s.sdk("AKIDACMEPRODSCANNER1", "us-east-1").GetFindings(context.Background(), in)
		require.NoError(s.t, err)
		for _, f := range page.Findings {
			all[strings.TrimPrefix(*f.Id, "keyproof/")] = f
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return all
		}
	}
}

// TestLifeOfAFinding: new, still there, passing, failing again, gone.
func TestLifeOfAFinding(t *testing.T) {
	s := newSite(t)
	at := func(status string) string { return finding(prod, "us-east-1", "a", status) }
	require.Equal(t, &securityhub.Outcome{New: 1}, s.push(2, at("FAILED"), finding(prod, "us-east-1", "b", "PASSED")), "what passes is not worth a new finding")
	require.Len(t, s.stored(), 1)

	require.Equal(t, &securityhub.Outcome{Updated: 1}, s.push(3, at("WARNING")))
	require.Equal(t, "2026-03-03T09:00:00Z", *s.stored()["a"].UpdatedAt)
	require.Equal(t, "2026-03-01T00:00:00Z", *s.stored()["a"].CreatedAt)
	require.Equal(t, types.SeverityLabelHigh, s.stored()["a"].FindingProviderFields.Severity.Label)

	require.Equal(t, &securityhub.Outcome{Resolved: 1}, s.push(4, at("PASSED")))
	require.Equal(t, types.ComplianceStatusPassed, s.stored()["a"].Compliance.Status)
	require.Equal(t, &securityhub.Outcome{}, s.push(5, at("PASSED")), "nothing to say")
	require.Equal(t, &securityhub.Outcome{Updated: 1}, s.push(6, at("FAILED")))

	s.covers = func(generator, account, region string) bool {
		require.Equal(t, []string{"keyproof/SM-001", prod, "us-east-1"}, []string{generator, account, region})
		return false
	}
	other := finding(prod, "us-east-1", "c", "FAILED")
	require.Equal(t, &securityhub.Outcome{New: 1}, s.push(7, other))
	require.Equal(t, types.RecordStateActive, s.stored()["a"].RecordState, "nobody knows what became of it")
	s.covers = func(string, string, string) bool { return true }
	require.Equal(t, &securityhub.Outcome{Updated: 1, Archived: 1}, s.push(8, other))
	require.Equal(t, types.RecordStateArchived, s.stored()["a"].RecordState)
	require.Equal(t, &securityhub.Outcome{Updated: 1}, s.push(9, other), "once")
}

func TestBatches(t *testing.T) {
	s := newSite(t)
	require.Equal(t, &securityhub.Outcome{New: 250}, s.push(2, many(250, "FAILED")...))
	require.Equal(t, 3, s.server.Calls()["securityhub:BatchImportFindings"])
	require.Equal(t, &securityhub.Outcome{Resolved: 250}, s.push(3, many(250, "PASSED")...))
	big := strings.Replace(finding(prod, "us-east-1", "big", "FAILED"), `"d"`, `"`+strings.Repeat("x", 200<<10)+`"`, 1)
	var heavy []string
	for i := range 40 { // 8 MB
		heavy = append(heavy, strings.Replace(big, "keyproof/big", fmt.Sprintf("keyproof/big%d", i), 1))
	}
	require.Equal(t, &securityhub.Outcome{New: 40, Archived: 250}, s.push(4, heavy...))
}

func TestRefusals(t *testing.T) {
	s := newSite(t)
	huge := strings.Replace(finding(prod, "us-east-1", "huge", "FAILED"), `"d"`, `"`+strings.Repeat("x", 250<<10)+`"`, 1)
	bad := strings.Replace(finding(prod, "us-east-1", "bad", "FAILED"), `"Title":"t"`, `"Title":""`, 1)
	out := s.push(2, huge, bad, finding(prod, "us-east-1", "good", "FAILED"))
	require.Equal(t, 1, out.New)
	require.Equal(t, 2, out.Refused)
	require.True(t, out.Failed())
	require.Equal(t, "keyproof/huge", out.Refusals[0].ID)
	require.Contains(t, out.Refusals[0].Why, "Security Hub takes 245760")
	require.Equal(t, "keyproof/bad", out.Refusals[1].ID)
	require.Contains(t, out.Refusals[1].Why, "InvalidInput: Finding does not adhere")
	require.Equal(t, []string{"good"}, slices.Collect(func(yield func(string) bool) {
		for id := range s.stored() {
			yield(id)
		}
	}))
}

// TestTroubles: a place that takes nothing does not stop the others, and says
// what to do.
func TestTroubles(t *testing.T) {
	s := newSite(t)
	out := s.push(2, finding(prod, "eu-west-1", "a", "FAILED"), finding(prod, "eu-west-1", "b", "FAILED"), finding(dev, "us-east-1", "c", "FAILED"),
		finding("777788889999", "us-east-1", "d", "FAILED"), finding(prod, "us-east-1", "e", "FAILED"))
	require.Equal(t, 1, out.New)
	require.True(t, out.Failed())
	var got []string
	for _, tr := range out.Troubles {
		got = append(got, fmt.Sprintf("%s %s %d: %v", tr.Account, tr.Region, tr.Findings, tr.Err))
	}
	require.Equal(t, []string{
		"111122223333 eu-west-1 2: it is not on there: aws securityhub enable-security-hub --region eu-west-1",
		"444455556666 us-east-1 1: securityhub:BatchImportFindings denied: `keyproof permissions --push securityhub` prints the policy that the pushing role needs",
		"777788889999 us-east-1 1: no credentials for the account",
	}, got)
}

func TestThrottledAndBroken(t *testing.T) {
	s := newSite(t)
	s.server.SetFaults(fixture.Fault{Service: "securityhub", Operation: "BatchImportFindings", Kind: fixture.Throttle, Count: 3})
	require.Equal(t, &securityhub.Outcome{New: 120}, s.push(2, many(120, "FAILED")...))
	s.server.SetFaults(fixture.Fault{Service: "securityhub", Operation: "GetFindings", Kind: fixture.BreakServer, Count: 8})
	out := s.push(3, many(2, "FAILED")...)
	require.Equal(t, 2, out.Troubles[0].Findings)
	require.ErrorContains(t, out.Troubles[0].Err, "call securityhub:GetFindings")
	require.Len(t, s.stored(), 120, "nothing was closed")
}

func TestFindingsThatBreak(t *testing.T) {
	s := newSite(t)
	broken := errors.New("the spool broke")
	seq := func(yield func(json.RawMessage, error) bool) {
		_ = yield(json.RawMessage(finding(prod, "us-east-1", "a", "FAILED")), nil) && yield(nil, broken)
	}
	_, err := securityhub.Push{Client: s.client, Covers: s.covers, At: day(2)}.Send(context.Background(), seq)
	require.ErrorIs(t, err, broken)
	require.Empty(t, s.stored(), "what waits for its batch is not sent")
}
