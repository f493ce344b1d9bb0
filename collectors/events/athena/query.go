package athena

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/internal/awserr"
)

// Start starts a query: see trino.Engine.
func (s *Source) Start(ctx context.Context, sql string) (string, error) {
	in := &athena.StartQueryExecutionInput{
		QueryString: &sql, WorkGroup: &s.o.Workgroup,
		QueryExecutionContext: &types.QueryExecutionContext{Catalog: &s.o.Catalog, Database: &s.o.Database},
	}
	if s.o.Output != "" {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &s.o.Output}
	}
	out, err := s.api.StartQueryExecution(ctx, in)
	if err != nil {
		return "", explain("athena:StartQueryExecution", "start the query in the workgroup "+s.o.Workgroup, err)
	}
	return aws.ToString(out.QueryExecutionId), nil
}

// State looks at a query.
func (s *Source) State(ctx context.Context, id string) (trino.State, error) {
	out, err := s.api.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &id})
	if err != nil {
		return trino.State{}, explain("athena:GetQueryExecution", "look at query "+id, err)
	}
	x := out.QueryExecution
	if x == nil || x.Status == nil {
		return trino.State{}, fmt.Errorf("look at query %s: the answer has no status", id)
	}
	var state trino.State
	if x.Statistics != nil {
		state.Scanned = aws.ToInt64(x.Statistics.DataScannedInBytes)
	}
	why := aws.ToString(x.Status.StateChangeReason)
	switch x.Status.State {
	case types.QueryExecutionStateQueued, types.QueryExecutionStateRunning:
	case types.QueryExecutionStateSucceeded:
		state.Done = true
	case types.QueryExecutionStateFailed:
		state.Failure = or(why, "Athena does not say why")
	case types.QueryExecutionStateCancelled:
		state.Failure = or(why, "somebody stopped it")
	default:
		state.Failure = fmt.Sprintf("Athena says %q of it, which keyproof does not know", x.Status.State)
	}
	return state, nil
}

// Stop stops a query.
func (s *Source) Stop(ctx context.Context, id string) error {
	_, err := s.api.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: &id})
	if err != nil {
		return explain("athena:StopQueryExecution", "`aws athena stop-query-execution --query-execution-id "+id+"`", err)
	}
	return nil
}

// pageSize is the most that GetQueryResults answers.
const pageSize = 1000

// Page reads a page of the answer. The first row of the first page holds the
// names of the columns.
func (s *Source) Page(ctx context.Context, id, token string) ([]trino.Row, string, error) {
	in := &athena.GetQueryResultsInput{QueryExecutionId: &id, MaxResults: aws.Int32(pageSize)}
	if token != "" {
		in.NextToken = &token
	}
	out, err := s.api.GetQueryResults(ctx, in)
	if err != nil {
		return nil, "", explain("athena:GetQueryResults", "read the answer of query "+id, err)
	}
	if out.ResultSet == nil || out.ResultSet.ResultSetMetadata == nil {
		return nil, "", fmt.Errorf("read the answer of query %s: it does not say what its columns are", id)
	}
	names, rows := out.ResultSet.ResultSetMetadata.ColumnInfo, out.ResultSet.Rows
	if token == "" && len(rows) > 0 {
		rows = rows[1:]
	}
	list := make([]trino.Row, len(rows))
	for i, r := range rows {
		if len(r.Data) != len(names) {
			return nil, "", fmt.Errorf("read the answer of query %s: a row has %d values for %d columns", id, len(r.Data), len(names))
		}
		list[i] = trino.Row{}
		for j, d := range r.Data {
			if d.VarCharValue != nil { // absent: NULL
				list[i][aws.ToString(names[j].Name)] = *d.VarCharValue
			}
		}
	}
	return list, aws.ToString(out.NextToken), nil
}

// explain says what a refused or failed call means to the user.
func explain(action, what string, err error) error {
	var notFound *types.MetadataException
	switch {
	case awserr.Denied(err):
		return fmt.Errorf("%s: %s is denied: allow it (keyproof permissions --events athena prints the policy)", what, action)
	case errors.As(err, &notFound) && strings.Contains(strings.ToLower(notFound.ErrorMessage()), "not found"):
		return fmt.Errorf("%s: there is none: keyproof events ddl prints the statement that makes one", what)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// hint adds what to do about failures that Athena explains in its own terms.
func hint(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "Bytes scanned limit was exceeded"):
		return fmt.Errorf("%w: that is the limit of the workgroup: narrow --since, --until, --account and --region", err)
	case strings.Contains(text, "exhausted resources"):
		return fmt.Errorf("%w: ask for less time at once, or for numbers alone with --counts", err)
	case strings.Contains(text, "Access Denied") || strings.Contains(text, "AccessDenied"):
		return fmt.Errorf("%w: Athena reads in your name: allow s3:GetObject and s3:ListBucket on the trail's bucket and kms:Decrypt on its key", err)
	}
	return err
}
