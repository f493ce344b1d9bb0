package lookup

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

var now = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

const prod, ireland, virginia = "111122223333", "eu-west-1", "us-east-1"

// account serves an account with a history in two regions.
type account struct {
	*fake.Server
	w    *fake.World
	http *http.Client
}

func serve(t *testing.T) account {
	t.Helper()
	w, err := fake.Load(strings.NewReader(`
accounts:
  - id: "111122223333"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions:
      us-east-1: {}
      eu-west-1:
        events:
          - {at: 1h, source: secretsmanager.amazonaws.com, name: GetSecretValue, by: assumed-role/orders/i-1, read_only: true, request: {secretId: db}}
          - {at: 2d, source: secretsmanager.amazonaws.com, name: DeleteSecret, by: user/ada, error: AccessDenied, request: {secretId: db}}
          - {at: 3d, source: ssm.amazonaws.com, name: UpdateInstanceInformation, by: assumed-role/node/i-1}
          - {at: 4d, source: kms.amazonaws.com, name: DisableKey, by: root, request: {keyId: k}}
          - {at: 5d, source: ec2.amazonaws.com, name: RunInstances, by: root}
`), now)
	require.NoError(t, err)
	s, err := fake.Serve(t.Context(), w)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return account{s, w, s.Client()}
}

func (a account) cell(region string) Cell {
	return Cell{Account: prod, Region: region, Config: aws.Config{
		Region: region, BaseEndpoint: aws.String(a.URL()), Credentials: credentials.NewStaticCredentialsProvider("A1", "x", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} }, HTTPClient: a.http,
	}}
}

func (a account) source(state string) *Source {
	s := New([]Cell{a.cell(ireland), a.cell(virginia)}, now, state)
	s.client = func(cfg aws.Config) client { return cloudtrail.NewFromConfig(cfg) } // without retries
	return s
}

func (a account) add(t *testing.T, region string, records ...string) {
	t.Helper()
	for _, r := range records {
		e, err := fake.EventOf(r)
		if err != nil { // AWS would not, but a proxy between may
			e = fake.Event{ID: r, Name: "GetSecretValue", Source: "secretsmanager.amazonaws.com", Time: now.Add(-time.Hour), Record: r}
		}
		require.NoError(t, a.w.AddEvents(prod, region, e))
	}
}

func record(id, source, name string, at time.Time) string {
	return fmt.Sprintf(`{"eventID":%q,"eventSource":%q,"eventName":%q,"eventTime":%q,"awsRegion":"eu-west-1","recipientAccountId":"111122223333","eventType":"AwsApiCall"}`,
		id, source, name, at.UTC().Format(time.RFC3339))
}

// read reads the source and holds it to the promise that no record is lost.
func read(t *testing.T, s *Source, q events.Query) ([]string, *events.Summary) {
	t.Helper()
	var names []string
	sum, err := s.Read(t.Context(), q, func(e *model.Event) error {
		assert.Empty(t, e.File)
		names = append(names, e.ID.Or("?")[:1]+" "+e.Name)
		return nil
	})
	require.NoError(t, err)
	r := sum.Records
	require.Equal(t, r.In, r.Relevant+r.Irrelevant+r.Refused)
	require.Len(t, names, r.Relevant)
	slices.Sort(names)
	return names, sum
}

func gaps(s *events.Summary) []string {
	var list []string
	for _, c := range s.Scopes {
		text := "whole"
		if c.Gap != nil {
			text = c.Gap.String()
		}
		list = append(list, c.Region+" "+text)
	}
	return list
}

func TestLookup(t *testing.T) {
	a := serve(t)
	names, s := read(t, a.source(""), events.Query{})
	assert.Len(t, names, 3)
	assert.Equal(t, events.Records{In: 4, Relevant: 3, Irrelevant: 1}, s.Records)
	assert.Equal(t, []string{"eu-west-1 whole", "us-east-1 whole"}, gaps(s))
	assert.Equal(t, 3, s.Scopes[0].Records)
	assert.Empty(t, s.Problems)
	assert.Equal(t, now.Add(-90*24*time.Hour), s.From)
	assert.Equal(t, now.Add(-15*time.Minute), s.Until, "what is younger may not be found yet")
	assert.Equal(t, map[string]int{"cloudtrail:LookupEvents": 2 * len(events.Relevant())}, a.Calls(), "nothing else is called")
	log := s.Log(a.source("").Name())
	assert.Equal(t, "LookupEvents", log.Source)

	names, s = read(t, a.source(""), events.Query{Since: now.AddDate(0, 0, -3), Until: now.AddDate(0, 0, -1), Regions: []string{ireland}})
	assert.Len(t, names, 1)
	assert.Equal(t, []string{"eu-west-1 whole"}, gaps(s))
	assert.Equal(t, now.AddDate(0, 0, -1), s.Until)
}

// TestGaps: what is not known is said, with what to do, and the rest is read.
func TestGaps(t *testing.T) {
	for _, tt := range []struct {
		name     string
		faults   []fake.Fault
		q        events.Query
		cells    func([]Cell)
		gaps     []string
		relevant int
		problem  string
	}{
		{"denied in one region", []fake.Fault{{Operation: "LookupEvents", Region: virginia, Kind: fake.Deny}}, events.Query{}, nil,
			[]string{"eu-west-1 whole", "us-east-1 cloudtrail:LookupEvents denied"}, 3, "cloudtrail:LookupEvents is denied: allow it"},
		{"broken", []fake.Fault{{Operation: "LookupEvents", Region: ireland, Kind: fake.BreakBody}}, events.Query{}, nil,
			[]string{"eu-west-1 cloudtrail:LookupEvents failed: the answer could not be read (HTTP status 200); events of cloudtrail.amazonaws.com from before 2026-03-14T09:26:53Z were not read", "us-east-1 whole"},
			0, "the answer could not be read"},
		{"further back than the history", nil, events.Query{Since: now.AddDate(0, 0, -120)}, nil,
			[]string{"eu-west-1 not in this source: the event history keeps 90 days: nothing is known from before 2025-12-14", "us-east-1 not in this source: the event history keeps 90 days: nothing is known from before 2025-12-14"}, 3, ""},
		{"all of it before the history", nil, events.Query{Since: now.AddDate(0, 0, -120), Until: now.AddDate(0, 0, -100), Regions: []string{ireland}}, nil,
			[]string{"eu-west-1 not in this source: the event history keeps 90 days: nothing is known from before 2025-12-14"}, 0, ""},
		{"a region that is off", nil, events.Query{}, func(c []Cell) { c[1].Gap = &model.Unknown{Reason: model.ReasonRegionOff} },
			[]string{"eu-west-1 whole", "us-east-1 the region is not enabled for the account"}, 3, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := serve(t)
			a.SetFaults(tt.faults...)
			src := a.source("")
			if tt.cells != nil {
				tt.cells(src.cells)
			}
			names, s := read(t, src, tt.q)
			assert.Len(t, names, tt.relevant)
			assert.Equal(t, tt.gaps, gaps(s))
			if tt.problem == "" {
				assert.Empty(t, s.Problems)
				return
			}
			require.Len(t, s.Problems, 1)
			assert.Contains(t, s.Problems[0].Detail, tt.problem)
			assert.Contains(t, s.Problems[0].File, "LookupEvents "+prod)
		})
	}
}

// TestThrottled: the SDK's retries carry it through.
func TestThrottled(t *testing.T) {
	a := serve(t)
	a.SetFaults(fake.Fault{Operation: "LookupEvents", Kind: fake.Throttle, Count: 2})
	c := a.cell(virginia)
	c.Config.Retryer = nil
	_, s := read(t, New([]Cell{c}, now, ""), events.Query{Relevant: events.Filter{"kms.amazonaws.com": nil}})
	assert.Equal(t, []string{"us-east-1 whole"}, gaps(s))
	assert.Equal(t, 3, a.Calls()["cloudtrail:LookupEvents"])
}

// TestRefusedRecords: what is not understood is counted and named.
func TestRefusedRecords(t *testing.T) {
	a := serve(t)
	a.add(t, virginia, "no JSON", `{"eventSource":"secretsmanager.amazonaws.com","eventName":"GetSecretValue"}`)
	_, s := read(t, a.source(""), events.Query{Regions: []string{virginia}})
	assert.Equal(t, events.Records{In: 1, Refused: 1}, s.Records)
	require.Len(t, s.Problems, 1)
	assert.Equal(t, events.Problem{File: "LookupEvents 111122223333 us-east-1", Kind: events.KindRecord, Detail: "it is not a JSON object", Count: 1}, s.Problems[0])
	assert.Equal(t, []string{"us-east-1 a call failed: a record was not understood: it is not a JSON object"}, gaps(s))
}

// TestWasteful: KMS records the use of keys, which is too much to go through; its
// other events are found by their names, each once.
func TestWasteful(t *testing.T) {
	a := serve(t)
	var noise []fake.Event
	for i := range 50 * (patience + 20) {
		at := now.Add(-time.Duration(i) * time.Minute)
		name := "Decrypt"
		if i%500 == 7 || i == 50*patience-1 || i == 50*patience { // around where it changes over too
			name = "PutKeyPolicy"
		}
		e, err := fake.EventOf(record(fmt.Sprint("k", i), "kms.amazonaws.com", name, at))
		require.NoError(t, err)
		noise = append(noise, e)
	}
	require.NoError(t, a.w.AddEvents(prod, virginia, noise...))
	a.add(t, virginia, record("x", "secretsmanager.amazonaws.com", "PutKeyPolicy", now.Add(-time.Minute)))
	names, s := read(t, a.source(""), events.Query{Regions: []string{virginia}})
	assert.Len(t, names, 8+1, "seven in a hundred, two where it changes over, and the foreign one once")
	assert.Equal(t, []string{"us-east-1 whole"}, gaps(s))
	kms, _ := events.Relevant().Names("kms.amazonaws.com")
	assert.InDelta(t, len(events.Relevant())-1+patience+len(kms), a.Calls()["cloudtrail:LookupEvents"], 5, "but for calls whose connection broke")
}

// stopping ends the run after some calls, as an interruption does.
type stopping struct {
	client
	after  int
	cancel context.CancelFunc
}

func (s *stopping) LookupEvents(ctx context.Context, in *cloudtrail.LookupEventsInput, o ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error) {
	if s.after--; s.after < 0 {
		s.cancel()
	}
	return s.client.LookupEvents(ctx, in, o...)
}

// TestResume interrupts a lookup after each number of calls, once orderly and once
// by the loss of what was not yet written, and runs it again: all events are there
// once, and few calls are made twice.
func TestResume(t *testing.T) {
	only := events.Filter{"secretsmanager.amazonaws.com": nil, "ssm.amazonaws.com": {"GetParameter": true}}
	a := serve(t)
	for i := range 130 { // 65 in each of two seconds: more than a page
		a.add(t, virginia, record(fmt.Sprint("s", i), "secretsmanager.amazonaws.com", "GetSecretValue", now.Add(-time.Hour-time.Duration(i/65)*time.Second)))
	}
	a.add(t, virginia, record("p", "ssm.amazonaws.com", "GetParameter", now.Add(-time.Hour)), record("q", "ssm.amazonaws.com", "PutParameter", now.Add(-time.Hour)),
		`{"eventID":"bad","eventSource":"ssm.amazonaws.com","eventName":"GetParameter","eventTime":"2026-03-14T08:00:00Z","userIdentity":5}`)
	q := events.Query{Regions: []string{virginia}, Relevant: only}
	want, wantSum := read(t, a.source(""), q)
	require.Len(t, want, 131)
	for after := range 4 {
		for _, crash := range []bool{false, true} {
			dir := filepath.Join(t.TempDir(), "state")
			src := a.source(dir)
			ctx, cancel := context.WithCancel(t.Context())
			src.client = func(cfg aws.Config) client { return &stopping{cloudtrail.NewFromConfig(cfg), after, cancel} }
			_, err := src.Read(ctx, q, func(*model.Event) error { return nil })
			require.ErrorIs(t, err, context.Canceled)
			if crash { // half a line that the small file does not count
				f, err := os.OpenFile(filepath.Join(dir, prod+"_"+virginia+eventsSuffix), os.O_APPEND|os.O_WRONLY, 0)
				require.NoError(t, err)
				_, err = f.WriteString(`{"record":{"eventI`)
				require.NoError(t, err)
				require.NoError(t, f.Close())
			}
			before := a.Calls()["cloudtrail:LookupEvents"]
			later := a.source(dir)
			later.now = now.Add(time.Hour) // the times are those that it was begun with
			got, sum := read(t, later, q)
			assert.Equal(t, want, got)
			assert.Equal(t, wantSum.Records, sum.Records)
			assert.Equal(t, wantSum.Scopes, sum.Scopes)
			assert.LessOrEqual(t, a.Calls()["cloudtrail:LookupEvents"]-before, 5-after, "no more than what is left")
			assert.NoDirExists(t, dir, "what is complete is not kept")
		}
	}
}

func TestStateOfAnotherLookup(t *testing.T) {
	a := serve(t)
	dir := t.TempDir()
	a.SetFaults(fake.Fault{Operation: "LookupEvents", Region: virginia, Kind: fake.Deny})
	_, s := read(t, a.source(dir), events.Query{Since: now.AddDate(0, 0, -10)})
	assert.Equal(t, "us-east-1 cloudtrail:LookupEvents denied", gaps(s)[1])
	assert.FileExists(t, filepath.Join(dir, runFile), "it is kept, as it is not complete")
	raw, err := os.ReadFile(filepath.Join(dir, prod+"_"+ireland+eventsSuffix))
	require.NoError(t, err)
	assert.Contains(t, string(raw), "DeleteSecret")

	nothing := func(*model.Event) error { return nil }
	_, err = a.source(dir).Read(t.Context(), events.Query{Since: now.AddDate(0, 0, -20)}, nothing)
	require.ErrorContains(t, err, dir+" holds another lookup, from 2026-03-04T09:26:53Z to 2026-03-14T09:26:53Z")
	_, err = a.source(dir).Read(t.Context(), events.Query{Relevant: events.Filter{"kms.amazonaws.com": nil}}, nothing)
	require.ErrorContains(t, err, "holds another lookup")

	a.SetFaults()
	before := a.Calls()["cloudtrail:LookupEvents"]
	names, s := read(t, a.source(dir), events.Query{})
	assert.Len(t, names, 3, "with what was kept of Ireland")
	assert.Equal(t, []string{"eu-west-1 whole", "us-east-1 whole"}, gaps(s))
	assert.Equal(t, len(events.Relevant()), a.Calls()["cloudtrail:LookupEvents"]-before, "Virginia alone was asked")

	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, runFile), []byte("{"), 0o600))
	_, err = a.source(dir).Read(t.Context(), events.Query{}, nothing)
	require.ErrorContains(t, err, "is damaged")
	require.ErrorContains(t, err, "rm -r "+dir)

	file := filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = a.source(file).Read(t.Context(), events.Query{}, nothing)
	require.ErrorContains(t, err, file+" is a file")
	require.NotContains(t, err.Error(), "rm -r")
}

// scripted answers what a test says.
type scripted func(*cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error)

func (f scripted) LookupEvents(_ context.Context, in *cloudtrail.LookupEventsInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error) {
	return f(in)
}

// TestExpiredToken: the lookup goes on from the time that was reached, and ends when
// that leads nowhere.
func TestExpiredToken(t *testing.T) {
	expired := &types.InvalidNextTokenException{}
	event := func(i int) types.Event {
		at := now.Add(-time.Duration(i) * time.Minute)
		return types.Event{EventId: aws.String(fmt.Sprint("e", i)), EventTime: &at, EventSource: aws.String("secretsmanager.amazonaws.com"),
			CloudTrailEvent: aws.String(record(fmt.Sprint("e", i), "secretsmanager.amazonaws.com", "GetSecretValue", at))}
	}
	for name, tt := range map[string]struct {
		stuck bool
		want  int
		gap   string
	}{
		"it goes on":     {false, 5, "whole"},
		"it is no token": {true, 2, "cloudtrail:LookupEvents failed"},
	} {
		t.Run(name, func(t *testing.T) {
			src := New([]Cell{{Account: prod, Region: virginia}}, now, "")
			src.client = func(aws.Config) client {
				return scripted(func(in *cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error) {
					switch {
					case in.NextToken != nil:
						return nil, expired
					case tt.stuck && in.EndTime.Before(now):
						return &cloudtrail.LookupEventsOutput{Events: []types.Event{event(2)}, NextToken: aws.String("t")}, nil
					case in.EndTime.Equal(now):
						return &cloudtrail.LookupEventsOutput{Events: []types.Event{event(1), event(2)}, NextToken: aws.String("t")}, nil
					}
					assert.Equal(t, now.Add(-2*time.Minute), *in.EndTime)
					return &cloudtrail.LookupEventsOutput{Events: []types.Event{event(2), event(3), event(4), event(5)}}, nil
				})
			}
			names, s := read(t, src, events.Query{Relevant: events.Filter{"secretsmanager.amazonaws.com": nil}})
			assert.Len(t, names, tt.want)
			assert.Contains(t, gaps(s)[0], tt.gap)
		})
	}
}

// TestReaderStops: an error of who takes the events ends the lookup.
func TestReaderStops(t *testing.T) {
	full := errors.New("the disk is full")
	_, err := serve(t).source("").Read(t.Context(), events.Query{}, func(*model.Event) error { return full })
	require.ErrorIs(t, err, full)
}
