package athena_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/athena"
	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/fixtures/acme"
	"github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const account = "111122223333"

var (
	day   = time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)
	query = events.Query{Accounts: []string{account}, Regions: []string{"eu-west-1"}, Since: day, Until: day.AddDate(0, 0, 1), Now: day.AddDate(0, 0, 2)}
	names = []string{"account", "region", "kind", "records", "days", "file", "eventid", "eventtime", "eventsource", "eventname", "awsregion",
		"recipientaccountid", "eventtype", "errorcode", "requestparameters", "hasidentity"}
)

// bench is a source at the embedded account, and what it was told.
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
	b.engine.Workgroups = []aws.Workgroup{{Name: "audit", Limit: 1 << 30, Output: "s3://answers/"}}
	b.engine.Tables = []aws.Table{{
		Database: "audit", Name: "cloudtrail", Partitions: [][2]string{{"account", "string"}, {"region", "string"}, {"day", "string"}},
		Parameters: map[string]string{"projection.day.format": "yyyy/MM/dd"},
	}}
	for _, c := range strings.Fields("useridentity eventtime eventsource eventname awsregion sourceipaddress useragent errorcode errormessage requestparameters responseelements " +
		"additionaleventdata eventid readonly resources eventtype recipientaccountid serviceeventdetails vpcendpointid sessioncredentialfromconsole") {
		b.engine.Tables[0].Columns = append(b.engine.Tables[0].Columns, [2]string{c, "string"})
	}
	return b
}

func (b *bench) source(change func(*athena.Options)) *athena.Source {
	b.t.Helper()
	b.world.SetEngines(b.engine)
	key := b.world.Credentials()[0]
	layout, err := athena.ParseLayout(athena.DefaultLayout)
	require.NoError(b.t, err)
	o := athena.Options{Database: "audit", Table: "cloudtrail", Workgroup: "audit", Layout: layout,
		Limits: trino.Limits{MaxScan: 1 << 30, Poll: time.Millisecond, Say: func(line string) { b.said = append(b.said, line) }}}
	if change != nil {
		change(&o)
	}
	s, err := athena.New(sdk.Config{
		Region: "eu-west-1", BaseEndpoint: sdk.String(b.server.URL()), HTTPClient: b.server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider(key.AccessKey, key.SecretKey, ""),
	}, o)
	require.NoError(b.t, err)
	return s
}

func row(i int, kind string) []*string {
	return aws.Values(account, "eu-west-1", kind, "1", "2026-03-13", "s3://trail/AWSLogs/"+account+"/CloudTrail/eu-west-1/2026/03/13/x.json.gz", fmt.Sprint("e", i),
		"2026-03-13T10:00:00Z", "secretsmanager.amazonaws.com", "GetSecretValue", "eu-west-1", account, "AwsApiCall", "NULL", `{"secretId":"db"}`, "false")
}

// TestPages reads an answer of three pages, with its header row and NULLs.
func TestPages(t *testing.T) {
	b := newBench(t)
	answer := aws.Answer{Columns: names, Scanned: 12345, Looks: 2}
	for i := range 2300 {
		answer.Rows = append(answer.Rows, row(i, "relevant"))
	}
	answer.Rows = append(answer.Rows, aws.Values(append([]string{account, "eu-west-1", "irrelevant", "777", "2026-03-13"}, slicesOf("NULL", len(names)-5)...)...))
	b.engine.Answers = []aws.Answer{answer}
	n := 0
	s, err := b.source(nil).Read(t.Context(), query, func(e *model.Event) error {
		assert.Equal(t, model.Known(fmt.Sprint("e", n)), e.ID)
		assert.Equal(t, "AWSLogs/"+account+"/CloudTrail/eu-west-1/2026/03/13/x.json.gz", e.File)
		assert.Equal(t, model.StateAbsent, e.ErrorCode.State())
		assert.Equal(t, model.Known([]string{"db"}), e.Targets)
		assert.Equal(t, model.StateUnknown, e.Principal.ARN.State(), "the record has no userIdentity")
		n++
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, events.Records{In: 3077, Relevant: 2300, Irrelevant: 777}, s.Records)
	assert.EqualValues(t, 12345, s.Engine.Scanned)
	require.Len(t, s.Scopes, 1)
	assert.Nil(t, s.Scopes[0].Gap)
	assert.Equal(t, 2300, s.Scopes[0].Records)
	assert.Equal(t, 3, b.server.Calls()["athena:GetQueryResults"])
	assert.Equal(t, "s3://answers/", b.world.Queries()[0].Output)
	assert.Contains(t, b.said[len(b.said)-1], "it scanned 12.1 KiB")
}

func slicesOf(text string, n int) []string {
	return strings.Fields(strings.Repeat(text+" ", n))
}

// TestRefusals: what is wrong is said before a query starts, with what to do.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name    string
		arrange func(b *bench)
		options func(o *athena.Options)
		query   func(q *events.Query)
		want    []string
	}{
		{"no limit", func(b *bench) { b.engine.Workgroups[0].Limit = 0 }, nil, nil,
			[]string{"has no limit", "update-work-group --work-group audit --configuration-updates BytesScannedCutoffPerQuery=1073741824", "--max-scan-unchecked"}},
		{"larger limit", func(b *bench) { b.engine.Workgroups[0].Limit = 2 << 30 }, nil, nil, []string{"lets a query scan 2.0 GiB, and --max-scan is 1.0 GiB"}},
		{"nowhere to answer", func(b *bench) { b.engine.Workgroups[0].Output = "" }, nil, nil, []string{"--results s3://"}},
		{"two places to answer", func(b *bench) { b.engine.Workgroups[0].Managed = true }, func(o *athena.Options) { o.Output = "s3://other-place/" }, nil, []string{"leave --results out"}},
		{"disabled", func(b *bench) { b.engine.Workgroups[0].Disabled = true }, nil, nil, []string{"is disabled", "--workgroup"}},
		{"no workgroup", func(b *bench) { b.engine.Workgroups = nil }, nil, nil, []string{"look up the workgroup audit", "not found"}},
		{"no table", func(b *bench) { b.engine.Tables = nil }, nil, nil, []string{"there is none: keyproof events ddl"}},
		{"an old table", func(b *bench) { b.engine.Tables[0].Columns = b.engine.Tables[0].Columns[:19] }, nil, nil, []string{"ALTER TABLE audit.cloudtrail ADD COLUMNS (sessioncredentialfromconsole string)"}},
		{"another layout", func(b *bench) { b.engine.Tables[0].Partitions = [][2]string{{"timestamp", "string"}} }, nil, nil,
			[]string{"partitioned by timestamp, and not by account: say --partitions day=timestamp"}},
		{"no partitions", func(b *bench) { b.engine.Tables[0].Partitions = nil }, nil, nil, []string{"say --partitions none"}},
		{"another form of days", func(b *bench) { b.engine.Tables[0].Parameters["projection.day.format"] = "yyyy-MM-dd" }, nil, nil, []string{"written as yyyy-MM-dd"}},
		{"accounts not listed", func(b *bench) { b.engine.Tables[0].Parameters["projection.account.type"] = "injected" }, nil, func(q *events.Query) { q.Accounts = nil }, []string{"name each with --account"}},
		{"too many accounts", func(b *bench) { b.engine.Tables[0].Parameters["projection.account.type"] = "injected" }, nil, func(q *events.Query) { q.Accounts = make([]string, 1001) }, []string{"in parts"}},
		{"no time", func(*bench) {}, nil, func(q *events.Query) { q.Since = time.Time{} }, []string{"needs --since"}},
		{"GetWorkGroup denied", func(b *bench) { b.deny("GetWorkGroup") }, nil, nil, []string{"athena:GetWorkGroup is denied", "keyproof permissions --events athena"}},
		{"GetTableMetadata denied", func(b *bench) { b.deny("GetTableMetadata") }, nil, nil, []string{"athena:GetTableMetadata is denied"}},
		{"StartQueryExecution denied", func(b *bench) { b.deny("StartQueryExecution") }, nil, nil, []string{"athena:StartQueryExecution is denied"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, q := newBench(t), query
			tt.arrange(b)
			if tt.query != nil {
				tt.query(&q)
			}
			_, err := b.source(tt.options).Read(t.Context(), q, nil)
			for _, want := range tt.want {
				assert.ErrorContains(t, err, want)
			}
			assert.Empty(t, b.world.Queries())
		})
	}
}

func (b *bench) deny(operation string) {
	b.server.SetFaults(aws.Fault{Service: "athena", Operation: operation, Kind: aws.Deny})
}

// TestEnds: a query that must not run on is stopped, and one that failed says why.
func TestEnds(t *testing.T) {
	mine := errors.New("enough")
	for _, tt := range []struct {
		name   string
		answer aws.Answer
		deny   string
		each   func(*model.Event) error
		want   []string
		state  string
	}{
		{"too many bytes", aws.Answer{Scanned: 10 << 30, Looks: 10}, "", nil, []string{"was stopped", "--max-scan is 1.0 GiB", "narrow --since"}, "CANCELLED"},
		{"failed", aws.Answer{Failure: "SYNTAX_ERROR: line 1:8"}, "", nil, []string{"failed", "SYNTAX_ERROR: line 1:8"}, "FAILED"},
		{"the workgroup's limit", aws.Answer{Failure: "Query cancelled! : Bytes scanned limit was exceeded", Scanned: 5}, "", nil, []string{"after it scanned 5 bytes", "limit of the workgroup"}, "FAILED"},
		{"exhausted", aws.Answer{Failure: "Query exhausted resources at this scale factor"}, "", nil, []string{"--counts"}, "FAILED"},
		{"the bucket is closed", aws.Answer{Failure: "Access Denied (Service: Amazon S3; Status Code: 403)"}, "", nil, []string{"s3:GetObject"}, "FAILED"},
		{"nobody may look", aws.Answer{}, "GetQueryExecution", nil, []string{"athena:GetQueryExecution is denied", "was stopped"}, "CANCELLED"},
		{"nobody may look or stop", aws.Answer{}, "*QueryExecution", nil, []string{"is denied"}, ""},
		{"nobody may read the answer", aws.Answer{Columns: names}, "GetQueryResults", nil, []string{"athena:GetQueryResults is denied"}, "SUCCEEDED"},
		{"a row of something else", aws.Answer{Columns: []string{"a"}, Rows: [][]*string{aws.Values("1")}}, "", nil, []string{"where its number of records should be"}, "SUCCEEDED"},
		{"the reader has enough", aws.Answer{Columns: names, Rows: [][]*string{row(1, "relevant")}}, "", func(*model.Event) error { return mine }, []string{"enough"}, "SUCCEEDED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.engine.Answers = []aws.Answer{tt.answer}
			if tt.deny != "" {
				b.deny(tt.deny)
			}
			s, err := b.source(func(o *athena.Options) { o.Unchecked = true }).Read(t.Context(), query, tt.each)
			assert.Nil(t, s)
			for _, want := range tt.want {
				assert.ErrorContains(t, err, want)
			}
			if tt.state != "" {
				assert.Equal(t, tt.state, b.world.Queries()[0].State)
			}
		})
	}
}

// TestInterrupted: the query is stopped although the context has ended.
func TestInterrupted(t *testing.T) {
	b := newBench(t)
	b.engine.Answers = []aws.Answer{{Looks: 1 << 30}}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := b.source(nil).Read(ctx, query, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, "CANCELLED", b.world.Queries()[0].State)
	assert.Contains(t, b.said[len(b.said)-1], "was stopped")
}

// TestRefused: rows of records that nobody understands are counted, and a gap.
func TestRefused(t *testing.T) {
	b := newBench(t)
	odd := row(1, "odd")
	odd[7] = sdk.String("yesterday")
	future := row(2, "relevant")
	future[7] = sdk.String("2027-01-01T00:00:00Z")
	b.engine.Answers = []aws.Answer{{Columns: names, Rows: [][]*string{odd, future, row(3, "relevant")}}}
	n := 0
	s, err := b.source(nil).Read(t.Context(), query, func(*model.Event) error { n++; return nil })
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	assert.Equal(t, events.Records{In: 3, Relevant: 1, Refused: 2}, s.Records)
	require.Len(t, s.Problems, 2)
	assert.Contains(t, s.Problems[0].Detail, "is not a time")
	assert.Equal(t, events.KindFuture, s.Problems[1].Kind)
	require.NotNil(t, s.Scopes[0].Gap)
}

// TestPartitions: the statement names partitions so that other files are not even
// opened; each layout in its own words.
func TestPartitions(t *testing.T) {
	for layout, want := range map[string][]string{
		"account,region,day": {`"account" IN ('111122223333')`, `"region" IN ('eu-west-1')`, `"day" >= '2026/03/12'`, `"day" <= '2026/03/15'`},
		"day=timestamp":      {`"timestamp" >= '2026/03/12'`, `"timestamp" <= '2026/03/15'`, "recipientaccountid IN ('111122223333')", "awsregion IN ('eu-west-1')"},
		"none":               {"recipientaccountid IN ('111122223333')", "awsregion IN ('eu-west-1')"},
	} {
		l, err := athena.ParseLayout(layout)
		require.NoError(t, err)
		s, err := athena.New(sdk.Config{}, athena.Options{Database: "audit", Table: "cloudtrail", Layout: l})
		require.NoError(t, err)
		for _, sql := range []string{s.SQL(query), s.CountsSQL(query)} {
			for _, part := range want {
				assert.Contains(t, sql, part)
			}
			assert.Equal(t, layout == "none", !strings.Contains(sql, `FROM "audit"."cloudtrail"`+"\n      WHERE"))
			assert.Contains(t, sql, "eventtime >= '2026-03-13T00:00:00Z'")
			assert.Contains(t, sql, "eventtime < '2026-03-14T00:00:00Z'")
		}
	}
}
