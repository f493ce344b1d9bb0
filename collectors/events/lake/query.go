package lake

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/collectors/events/trino"
	"github.com/keyproof/keyproof/internal/awserr"
)

// Start starts a query: see trino.Engine. The answer stays with CloudTrail: no
// place in S3 is named for it.
func (s *Source) Start(ctx context.Context, sql string) (string, error) {
	out, err := s.api.StartQuery(ctx, &cloudtrail.StartQueryInput{QueryStatement: &sql})
	if err != nil {
		return "", explain("cloudtrail:StartQuery", "start the query", err)
	}
	return aws.ToString(out.QueryId), nil
}

// State looks at a query.
func (s *Source) State(ctx context.Context, id string) (trino.State, error) {
	out, err := s.api.DescribeQuery(ctx, &cloudtrail.DescribeQueryInput{QueryId: &id})
	if err != nil {
		return trino.State{}, explain("cloudtrail:DescribeQuery", "look at query "+id, err)
	}
	var state trino.State
	if out.QueryStatistics != nil {
		state.Scanned = aws.ToInt64(out.QueryStatistics.BytesScanned)
	}
	switch out.QueryStatus {
	case types.QueryStatusQueued, types.QueryStatusRunning:
	case types.QueryStatusFinished:
		state.Done = true
	case types.QueryStatusTimedOut:
		state.Failure = "it took too long: ask for less time at once"
	case types.QueryStatusCancelled:
		state.Failure = "somebody stopped it"
	case types.QueryStatusFailed:
		state.Failure = "CloudTrail does not say why"
		if why := aws.ToString(out.ErrorMessage); why != "" {
			state.Failure = why
		}
	default:
		state.Failure = fmt.Sprintf("CloudTrail says %q of it, which keyproof does not know", out.QueryStatus)
	}
	return state, nil
}

// Stop stops a query.
func (s *Source) Stop(ctx context.Context, id string) error {
	if _, err := s.api.CancelQuery(ctx, &cloudtrail.CancelQueryInput{QueryId: &id}); err != nil {
		return explain("cloudtrail:CancelQuery", "`aws cloudtrail cancel-query --query-id "+id+"`", err)
	}
	return nil
}

// pageSize is the most that GetQueryResults answers.
const pageSize = 1000

// Page reads a page of the answer. A row is a list of objects with one member
// each, a column's. The SDK makes no difference between NULL and the empty text, and
// CloudTrail writes no empty texts: both are NULL here.
func (s *Source) Page(ctx context.Context, id, token string) ([]trino.Row, string, error) {
	in := &cloudtrail.GetQueryResultsInput{QueryId: &id, MaxQueryResults: aws.Int32(pageSize)}
	if token != "" {
		in.NextToken = &token
	}
	out, err := s.api.GetQueryResults(ctx, in)
	if err != nil {
		return nil, "", explain("cloudtrail:GetQueryResults", "read the answer of query "+id, err)
	}
	if out.QueryStatus != types.QueryStatusFinished {
		return nil, "", fmt.Errorf("read the answer of query %s: its status is %s: %s", id, out.QueryStatus, aws.ToString(out.ErrorMessage))
	}
	list := make([]trino.Row, len(out.QueryResultRows))
	for i, row := range out.QueryResultRows {
		list[i] = trino.Row{}
		for _, column := range row {
			for name, value := range column {
				if value != "" {
					list[i][name] = value
				}
			}
		}
		for _, name := range bodies {
			if text, ok := list[i][name]; ok {
				list[i][name] = trino.Untyped(text)
			}
		}
	}
	return list, aws.ToString(out.NextToken), nil
}

// explain says what a refused or failed call means to the user.
func explain(action, what string, err error) error {
	var notFound *types.EventDataStoreNotFoundException
	var inactive *types.InactiveEventDataStoreException
	switch {
	case awserr.Denied(err):
		return fmt.Errorf("%s: %s is denied: allow it (keyproof permissions --events lake prints the policy)", what, action)
	case errors.As(err, &notFound):
		return fmt.Errorf("%s: there is none of this ARN: `aws cloudtrail list-event-data-stores` lists them. CloudTrail Lake is closed to new customers since 31 May 2026; keyproof events ddl prepares Athena instead", what)
	case errors.As(err, &inactive):
		return fmt.Errorf("%s: the event data store is not active: %w", what, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}
