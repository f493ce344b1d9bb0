package session_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/internal/awserr"
)

// TestQueriesOfEngines: a scan cannot start a query, whatever it declares as a
// read; who names an engine can, and can write nothing else by it.
func TestQueriesOfEngines(t *testing.T) {
	server, text := serve(t), aws.String("x")
	queries := []string{"athena:StartQueryExecution", "athena:StopQueryExecution", "cloudtrail:StartQuery", "cloudtrail:CancelQuery"}
	calls := func(cfg aws.Config) map[string]func(context.Context) error {
		a, c := athena.NewFromConfig(cfg), cloudtrail.NewFromConfig(cfg)
		return map[string]func(context.Context) error{
			"athena:StartQueryExecution": func(ctx context.Context) error {
				_, err := a.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: text})
				return err
			},
			"athena:StopQueryExecution": func(ctx context.Context) error {
				_, err := a.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: text})
				return err
			},
			"cloudtrail:StartQuery": func(ctx context.Context) error {
				_, err := c.StartQuery(ctx, &cloudtrail.StartQueryInput{QueryStatement: text})
				return err
			},
			"cloudtrail:CancelQuery": func(ctx context.Context) error {
				_, err := c.CancelQuery(ctx, &cloudtrail.CancelQueryInput{QueryId: text})
				return err
			},
		}
	}
	config := func(o session.Options) aws.Config {
		o.Base, o.Regions, o.Unlimited = base(server, "AKIDPROD"), []string{"us-east-1"}, true
		return open(t, o)[0].Config("us-east-1")
	}
	for action, call := range calls(config(session.Options{Reads: queries})) {
		require.ErrorIs(t, call(t.Context()), awserr.ErrNotARead, action)
	}
	more := append([]string{"secretsmanager:DeleteSecret", "secretsmanager:GetSecretValue"}, queries...)
	cfg := config(session.Options{Queries: more})
	for action, call := range calls(cfg) {
		err := call(t.Context())
		require.Error(t, err, action) // x is no query
		require.NotErrorIs(t, err, awserr.ErrNotARead, action)
	}
	secrets := secretsmanager.NewFromConfig(cfg)
	_, err := secrets.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: text})
	require.ErrorIs(t, err, awserr.ErrNotARead)
	_, err = secrets.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: text})
	require.ErrorIs(t, err, awserr.ErrNotARead)
	assert.Zero(t, server.Calls()["secretsmanager:DeleteSecret"])
}
