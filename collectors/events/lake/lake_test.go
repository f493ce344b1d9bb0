package lake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/lake"
	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/fixtures/acme"
	"github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const (
	account = "111122223333"
	storeID = "01234567-89ab-cdef-0123-456789abcdef"
	store   = "arn:aws:cloudtrail:eu-west-1:" + account + ":eventdatastore/" + storeID
)

var (
	day   = time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)
	query = events.Query{Accounts: []string{account}, Regions: []string{"eu-west-1"}, Since: day, Until: day.AddDate(0, 0, 1), Now: day.AddDate(0, 0, 2)}
	names = []string{"account", "region", "kind", "records", "days", "file", "eventid", "eventtime", "eventsource", "eventname", "awsregion",
		"recipientaccountid", "eventtype", "errorcode", "requestparameters", "hasidentity"}
)

type bench struct {
	t      *testing.T
	world  *aws.World
	server *aws.Server
	engine aws.Engines
	said   []string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	world, err := aws.Load(acme.Account(), day)
	require.NoError(t, err)
	server, err := aws.Serve(t.Context(), world)
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	b := &bench{t: t, world: world, server: server}
	b.engine.Stores = []aws.EventDataStore{{ARN: store, MultiRegion: true, Organization: true, Days: 365, Created: day.AddDate(-1, 0, 0)}}
	return b
}

func (b *bench) source() *lake.Source {
	b.t.Helper()
	b.world.SetEngines(b.engine)
	key := b.world.Credentials()[0]
	s, err := lake.New(sdk.Config{
		Region: "eu-west-1", BaseEndpoint: sdk.String(b.server.URL()), HTTPClient: b.server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider(key.AccessKey, key.SecretKey, ""),
	}, store, trino.Limits{MaxScan: 1 << 30, Poll: time.Millisecond, Say: func(line string) { b.said = append(b.said, line) }})
	require.NoError(b.t, err)
	return s
}

func row(i int) []*string {
	return aws.Values(account, "eu-west-1", "relevant", "1", "2026-03-13", "", fmt.Sprint("e", i), "2026-03-13T10:00:00Z", "secretsmanager.amazonaws.com", "DeleteSecret",
		"eu-west-1", account, "AwsApiCall", "NULL", `{"secretId":"db","recoveryWindowInDays":"7","forceDeleteWithoutRecovery":"false"}`, "false")
}

// TestPages reads an answer of three pages, whose rows are lists of one-key maps,
// with objects as maps of text.
func TestPages(t *testing.T) {
	b := newBench(t)
	answer := aws.Answer{Columns: names, Scanned: 12345, Looks: 2}
	for i := range 2300 {
		answer.Rows = append(answer.Rows, row(i))
	}
	answer.Rows = append(answer.Rows, aws.Values(append([]string{account, "eu-west-1", "irrelevant", "777", "2026-03-13"}, strings.Fields(strings.Repeat("NULL ", len(names)-5))...)...))
	b.engine.Answers = []aws.Answer{answer}
	n := 0
	s, err := b.source().Read(t.Context(), query, func(e *model.Event) error {
		assert.Equal(t, model.Known(fmt.Sprint("e", n)), e.ID)
		assert.Equal(t, model.StateAbsent, e.ErrorCode.State(), "NULL is no error code")
		assert.Equal(t, model.Known(model.OutcomeDone), e.Outcome)
		assert.Equal(t, model.Known(7), e.Request.RecoveryDays)
		assert.Equal(t, model.Known(false), e.Request.ForceDelete)
		n++
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, events.Records{In: 3077, Relevant: 2300, Irrelevant: 777}, s.Records)
	assert.EqualValues(t, 12345, s.Engine.Scanned)
	assert.Nil(t, s.Scopes[0].Gap)
	assert.Equal(t, 3, b.server.Calls()["cloudtrail:GetQueryResults"])
	sql := b.world.Queries()[0].SQL
	assert.Contains(t, sql, "FROM "+storeID+"\n      WHERE eventtime >= '2026-03-13 00:00:00'\n        AND eventtime < '2026-03-14 00:00:00'")
	assert.NotContains(t, sql, "$path")
	assert.True(t, strings.HasPrefix(sql, "SELECT "), "nothing else is allowed")
}

// TestStores: what an event data store cannot hold is a gap, and never nothing.
func TestStores(t *testing.T) {
	for _, tt := range []struct {
		name   string
		store  func(*aws.EventDataStore)
		query  func(*events.Query)
		gap    string
		failed string
	}{
		{"whole", func(*aws.EventDataStore) {}, nil, "", ""},
		{"stopped", func(s *aws.EventDataStore) { s.Status = "STOPPED_INGESTION" }, nil, "does not take in events", ""},
		{"to be deleted", func(s *aws.EventDataStore) { s.Status = "PENDING_DELETION" }, nil, "", "restore-event-data-store"},
		{"too young", func(s *aws.EventDataStore) { s.Created = day.Add(time.Hour) }, nil, "was made on 2026-03-13", ""},
		{"forgotten", func(s *aws.EventDataStore) { s.Days = 1 }, nil, "keeps events for 1 days only", ""},
		{"another region", func(s *aws.EventDataStore) { s.MultiRegion = false }, func(q *events.Query) { q.Regions = []string{"us-east-1"} }, "takes in events of eu-west-1 only", ""},
		{"another account", func(s *aws.EventDataStore) { s.Organization = false }, func(q *events.Query) { q.Accounts = []string{"444455556666"} }, "takes in events of the account " + account + " only", ""},
		{"another store", func(s *aws.EventDataStore) { s.ARN = strings.Replace(store, "0123", "aaaa", 1) }, nil, "", "list-event-data-stores"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, q := newBench(t), query
			tt.store(&b.engine.Stores[0])
			if tt.query != nil {
				tt.query(&q)
			}
			region := q.Regions[0]
			b.engine.Answers = []aws.Answer{{Columns: names, Rows: [][]*string{
				aws.Values(append([]string{q.Accounts[0], region, "irrelevant", "777", "2026-03-13"}, strings.Fields(strings.Repeat("NULL ", len(names)-5))...)...)}}}
			s, err := b.source().Read(t.Context(), q, nil)
			if tt.failed != "" {
				require.ErrorContains(t, err, tt.failed)
				assert.Empty(t, b.world.Queries())
				return
			}
			require.NoError(t, err)
			found := []string{}
			for _, c := range s.Scopes {
				if c.Gap != nil {
					found = append(found, c.Gap.Detail)
				}
			}
			if tt.gap == "" {
				assert.Empty(t, found)
			} else {
				assert.Contains(t, strings.Join(found, "\n"), tt.gap)
				assert.NotEmpty(t, s.Problems)
			}
		})
	}
}

// TestEnds: a query that must not run on is stopped, and one that failed says why.
func TestEnds(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer aws.Answer
		deny   string
		want   []string
		state  string
	}{
		{"too many bytes", aws.Answer{Scanned: 10 << 30, Looks: 10}, "", []string{"was stopped", "--max-scan is 1.0 GiB"}, "CANCELLED"},
		{"failed", aws.Answer{Failure: "COLUMN_NOT_FOUND"}, "", []string{"failed", "COLUMN_NOT_FOUND"}, "FAILED"},
		{"nobody may look", aws.Answer{}, "DescribeQuery", []string{"cloudtrail:DescribeQuery is denied", "keyproof permissions --events lake", "was stopped"}, "CANCELLED"},
		{"nobody may start", aws.Answer{}, "StartQuery", []string{"cloudtrail:StartQuery is denied"}, ""},
		{"nobody may know the store", aws.Answer{}, "GetEventDataStore", []string{"cloudtrail:GetEventDataStore is denied"}, ""},
		{"nobody may read the answer", aws.Answer{Columns: names}, "GetQueryResults", []string{"cloudtrail:GetQueryResults is denied"}, "FINISHED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.engine.Answers = []aws.Answer{tt.answer}
			if tt.deny != "" {
				b.server.SetFaults(aws.Fault{Service: "cloudtrail", Operation: tt.deny, Kind: aws.Deny})
			}
			s, err := b.source().Read(t.Context(), query, nil)
			assert.Nil(t, s)
			for _, want := range tt.want {
				assert.ErrorContains(t, err, want)
			}
			if tt.state != "" {
				assert.Equal(t, tt.state, b.world.Queries()[0].State)
			} else {
				assert.Empty(t, b.world.Queries())
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	b := newBench(t)
	b.engine.Answers = []aws.Answer{{Looks: 1 << 30}}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := b.source().Read(ctx, query, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, "CANCELLED", b.world.Queries()[0].State)
}

func TestARN(t *testing.T) {
	region, err := lake.ParseARN(store)
	require.NoError(t, err)
	assert.Equal(t, "eu-west-1", region)
	for _, arn := range []string{"", storeID, strings.Replace(store, "eventdatastore", "trail", 1), store + "; SELECT 1", store + "\n", "arn:aws:cloudtrail:eu-west-1:1:eventdatastore/" + storeID} {
		_, err := lake.ParseARN(arn)
		require.ErrorContains(t, err, "closed to new customers since 31 May 2026", arn)
		_, err = lake.New(sdk.Config{}, arn, trino.Limits{})
		require.Error(t, err)
	}
}
