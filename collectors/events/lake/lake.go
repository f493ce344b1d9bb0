// Package lake reads CloudTrail's record from an event data store of CloudTrail
// Lake, which AWS has closed to new customers since 31 May 2026 ("CloudTrail Lake
// availability change").
//
// Its promise: it asks for nothing outside the times of the query, it leaves no
// query running, and what the event data store cannot hold is a gap.
package lake

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/model"
)

// Source is an event data store.
type Source struct {
	arn, id string
	limits  trino.Limits
	api     api
}

// api are the calls that it makes.
type api interface {
	GetEventDataStore(context.Context, *cloudtrail.GetEventDataStoreInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetEventDataStoreOutput, error)
	StartQuery(context.Context, *cloudtrail.StartQueryInput, ...func(*cloudtrail.Options)) (*cloudtrail.StartQueryOutput, error)
	DescribeQuery(context.Context, *cloudtrail.DescribeQueryInput, ...func(*cloudtrail.Options)) (*cloudtrail.DescribeQueryOutput, error)
	CancelQuery(context.Context, *cloudtrail.CancelQueryInput, ...func(*cloudtrail.Options)) (*cloudtrail.CancelQueryOutput, error)
	GetQueryResults(context.Context, *cloudtrail.GetQueryResultsInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetQueryResultsOutput, error)
}

// Reads are the IAM actions of the calls that only look.
func Reads() []string {
	return []string{"cloudtrail:DescribeQuery", "cloudtrail:GetEventDataStore", "cloudtrail:GetQueryResults"}
}

// Queries are the IAM actions of the calls that start and stop a query.
func Queries() []string { return []string{"cloudtrail:CancelQuery", "cloudtrail:StartQuery"} }

var storeARN = regexp.MustCompile(`^arn:aws[a-z-]*:cloudtrail:([a-z0-9-]+):([0-9]{12}):eventdatastore/([a-f0-9-]{36})$`)

// ParseARN returns the region of an event data store.
func ParseARN(arn string) (region string, err error) {
	m := storeARN.FindStringSubmatch(arn)
	if m == nil {
		return "", fmt.Errorf("%q is not the ARN of an event data store: it looks like arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef, "+
			"and `aws cloudtrail list-event-data-stores` lists them. CloudTrail Lake is closed to new customers since 31 May 2026; keyproof events ddl prepares Athena instead", arn)
	}
	return m[1], nil
}

// New returns the source. cfg may be zero for a source that is only asked for SQL.
func New(cfg aws.Config, arn string, limits trino.Limits) (*Source, error) {
	if _, err := ParseARN(arn); err != nil {
		return nil, err
	}
	return &Source{arn: arn, id: storeARN.FindStringSubmatch(arn)[3], limits: limits, api: cloudtrail.NewFromConfig(cfg)}, nil
}

// Name is the event data store's.
func (s *Source) Name() string { return "lake:" + s.arn }

// SQL is the query that Read starts.
func (s *Source) SQL(q events.Query) string { return trino.Events(s.table(q), q) }

// CountsSQL is the query that Count starts.
func (s *Source) CountsSQL(q events.Query) string { return trino.Counts(s.table(q), q) }

// table: the columns are those of "Supported SQL schemas for event data stores".
// Times are timestamps there, objects are maps of text, and the table is the id of
// the event data store, as it is ("CloudTrail Lake SQL constraints").
func (s *Source) table(q events.Query) trino.Table {
	column := trino.Identity()
	column["file"] = "''" // an event data store has no files
	column["eventtime"] = "date_format(eventtime, '%Y-%m-%dT%H:%i:%sZ')"
	for _, name := range []string{"readonly", "sessioncredentialfromconsole"} {
		column[name] = "CAST(" + name + " AS varchar)"
	}
	for _, name := range bodies {
		column[name] = "json_format(CAST(" + name + " AS JSON))"
	}
	t := trino.Table{From: s.id, Column: column}
	if !q.Since.IsZero() {
		t.Where = append(t.Where, "eventtime >= "+trino.Text(timestamp(trino.Time(q.Since))))
	}
	if !q.Until.IsZero() {
		t.Where = append(t.Where, "eventtime < "+trino.Text(timestamp(trino.Time(q.Until))))
	}
	return t
}

// bodies are the columns that hold objects.
var bodies = []string{"requestparameters", "responseelements", "additionaleventdata", "serviceeventdetails"}

// timestamp is a time in the form of AWS's example queries.
func timestamp(rfc3339 string) string {
	return strings.TrimSuffix(strings.Replace(rfc3339, "T", " ", 1), "Z")
}

// Read has CloudTrail Lake find the events: see events.Source. Query.Since must be
// given.
func (s *Source) Read(ctx context.Context, q events.Query, each func(*model.Event) error) (*events.Summary, error) {
	g := events.NewGathering(q, each)
	return s.run(ctx, q, s.SQL(q), g, trino.NewReader(g))
}

// Count has CloudTrail Lake count them.
func (s *Source) Count(ctx context.Context, q events.Query, each func(trino.Count) error) (*events.Summary, error) {
	g := events.NewGathering(q, nil)
	return s.run(ctx, q, s.CountsSQL(q), g, trino.NewCounter(g, each))
}

func (s *Source) run(ctx context.Context, q events.Query, sql string, g *events.Gathering, r *trino.Reader) (*events.Summary, error) {
	if q.Since.IsZero() {
		return nil, fmt.Errorf("%s needs --since: CloudTrail Lake reads, and bills, all that is not left out", s.Name())
	}
	if err := s.check(ctx, q, g); err != nil {
		return nil, err
	}
	stats, err := trino.Run(ctx, s, sql, s.limits, r.Row)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.Name(), err)
	}
	summary := g.Summary()
	summary.Engine = &events.Engine{Query: stats.Query, Scanned: stats.Scanned}
	return summary, nil
}
