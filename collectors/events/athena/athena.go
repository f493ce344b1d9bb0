// Package athena reads CloudTrail's record through a table of Amazon Athena, for
// organizations whose logs outgrow one machine: Athena scans the bucket, and only
// the relevant events come back.
//
// Its promise: it reads nothing that the query does not ask for, it does not start
// a query without a limit on what Athena may scan, unless told to, and it leaves
// no query running. A query changes nothing, but Athena writes its answer to S3.
package athena

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/model"
)

// Options say which table to ask, and how.
type Options struct {
	Catalog         string // empty: AwsDataCatalog, that of AWS Glue
	Database, Table string
	Workgroup       string
	Layout          Layout
	// Output is where in S3 Athena writes the answer; empty: where the workgroup says.
	Output string
	// Unchecked starts a query in a workgroup that has no limit, or a larger one
	// than Limits.MaxScan: the query is then stopped when it is seen to pass it.
	Unchecked bool
	Limits    trino.Limits
}

// Source is a table.
type Source struct {
	o   Options
	api api
}

// api are the calls that it makes.
type api interface {
	GetWorkGroup(context.Context, *athena.GetWorkGroupInput, ...func(*athena.Options)) (*athena.GetWorkGroupOutput, error)
	GetTableMetadata(context.Context, *athena.GetTableMetadataInput, ...func(*athena.Options)) (*athena.GetTableMetadataOutput, error)
	StartQueryExecution(context.Context, *athena.StartQueryExecutionInput, ...func(*athena.Options)) (*athena.StartQueryExecutionOutput, error)
	GetQueryExecution(context.Context, *athena.GetQueryExecutionInput, ...func(*athena.Options)) (*athena.GetQueryExecutionOutput, error)
	StopQueryExecution(context.Context, *athena.StopQueryExecutionInput, ...func(*athena.Options)) (*athena.StopQueryExecutionOutput, error)
	GetQueryResults(context.Context, *athena.GetQueryResultsInput, ...func(*athena.Options)) (*athena.GetQueryResultsOutput, error)
}

// Reads are the IAM actions of the calls that only look.
func Reads() []string {
	return []string{"athena:GetQueryExecution", "athena:GetQueryResults", "athena:GetTableMetadata", "athena:GetWorkGroup"}
}

// Queries are the IAM actions of the calls that start and stop a query.
func Queries() []string { return []string{"athena:StartQueryExecution", "athena:StopQueryExecution"} }

// Lookups are the IAM actions of what Athena does in Glue in the name of the caller
// ("Example IAM policies" of the Athena User Guide). It also reads the logs, and
// writes and reads its answer, so.
func Lookups() []string {
	return []string{"glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable"}
}

// New returns the source. cfg may be zero for a source that is only asked for SQL.
func New(cfg aws.Config, o Options) (*Source, error) {
	if o.Catalog == "" {
		o.Catalog = "AwsDataCatalog"
	}
	if err := checkTable(o.Database, o.Table); err != nil {
		return nil, err
	}
	if o.Output != "" && !s3Address.MatchString(o.Output) {
		return nil, fmt.Errorf("%q is no place for Athena's answer: it looks like s3://bucket/prefix/", o.Output)
	}
	return &Source{o: o, api: athena.NewFromConfig(cfg)}, nil
}

var (
	tableName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`) // what Athena lets a table be called without quotes
	s3Address = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$`)
)

func checkTable(database, table string) error {
	if !tableName.MatchString(database) || !tableName.MatchString(table) {
		return fmt.Errorf("%q is not a table: it looks like database.table, in lower case letters, digits and underscores", database+"."+table)
	}
	return nil
}

// ParseTable splits database.table.
func ParseTable(text string) (database, table string, err error) {
	database, table, _ = strings.Cut(text, ".")
	return database, table, checkTable(database, table)
}

// Name is the table's.
func (s *Source) Name() string { return "athena:" + s.o.Database + "." + s.o.Table }

// SQL is the query that Read starts.
func (s *Source) SQL(q events.Query) string { return trino.Events(s.table(q), q) }

// CountsSQL is the query that Count starts.
func (s *Source) CountsSQL(q events.Query) string { return trino.Counts(s.table(q), q) }

func (s *Source) table(q events.Query) trino.Table {
	column := trino.Identity()
	column["file"] = `"$path"` // the object that a row comes from ("Getting the file locations for source data in Amazon S3")
	return trino.Table{
		From:      trino.Name(s.o.Database) + "." + trino.Name(s.o.Table),
		Column:    column,
		Where:     s.o.Layout.where(q),
		ByAccount: s.o.Layout.Account != "", ByRegion: s.o.Layout.Region != "",
	}
}

// Read has Athena find the events: see events.Source. Query.Since must be given.
func (s *Source) Read(ctx context.Context, q events.Query, each func(*model.Event) error) (*events.Summary, error) {
	g := events.NewGathering(q, each)
	return s.run(ctx, q, s.SQL(q), g, trino.NewReader(g))
}

// Count has Athena count them.
func (s *Source) Count(ctx context.Context, q events.Query, each func(trino.Count) error) (*events.Summary, error) {
	g := events.NewGathering(q, nil)
	return s.run(ctx, q, s.CountsSQL(q), g, trino.NewCounter(g, each))
}

func (s *Source) run(ctx context.Context, q events.Query, sql string, g *events.Gathering, r *trino.Reader) (*events.Summary, error) {
	if q.Since.IsZero() {
		return nil, fmt.Errorf("%s needs --since: Athena reads, and bills, all that is not left out", s.Name())
	}
	if err := s.checkWorkgroup(ctx); err != nil {
		return nil, err
	}
	if err := s.checkTable(ctx, q); err != nil {
		return nil, err
	}
	stats, err := trino.Run(ctx, s, sql, s.o.Limits, r.Row)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.Name(), hint(err))
	}
	summary := g.Summary()
	summary.Engine = &events.Engine{Query: stats.Query, Scanned: stats.Scanned}
	return summary, nil
}
