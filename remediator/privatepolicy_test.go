package remediator

import (
	"context"
	"testing"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// before does something right before a call of an operation is sent.
func before(operation string, do func(context.Context) error) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Before"+operation, func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			if awsmiddleware.GetOperationName(ctx) == operation {
				if err := do(context.WithoutCancel(context.Background())); err != nil {
					return middleware.InitializeOutput{}, middleware.Metadata{}, err
				}
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	}
}

// TestPrivatePolicy: what is public goes, what is not stays, and nobody gets in
// who did not before.
func TestPrivatePolicy(t *testing.T) {
	owner := model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "us-east-1", ID: "arn:aws-us-gov:secretsmanager:us-east-1:111122223333:secret:s-abc123"}
	const own = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"a:B","Resource":"*"}`
	const deny = `{"Effect":"Deny","Principal":"*","Action":"a:B","Resource":"*"}`
	policy := func(statements string) string { return `{"Version":"2012-10-17","Statement":` + statements + `}` }
	for name, test := range map[string]struct{ mode, in, want string }{
		"everyone becomes the account": {"narrow", `[{"Effect":"Allow","Principal":"*","Action":"a:B","Resource":"*"}]`,
			`[{"Effect":"Allow","Principal":{"AWS":"arn:aws-us-gov:iam::111122223333:root"},"Action":"a:B","Resource":"*"}]`},
		"others beside everyone stay": {"narrow", `[{"Effect":"Allow","Principal":{"AWS":["*","arn:aws:iam::444455556666:role/x"],"Service":"s.amazonaws.com"},"Action":"a:B","Resource":"*"}]`,
			`[{"Effect":"Allow","Principal":{"AWS":["arn:aws-us-gov:iam::111122223333:root","arn:aws:iam::444455556666:role/x"],"Service":"s.amazonaws.com"},"Action":"a:B","Resource":"*"}]`},
		"a condition that fixes nothing stays":  {"narrow", `[{"Effect":"Allow","Principal":"*","Action":"a:B","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]`, `[{"Effect":"Allow","Principal":{"AWS":"arn:aws-us-gov:iam::111122223333:root"},"Action":"a:B","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]`},
		"all but one is removed, not narrowed":  {"narrow", `[{"Effect":"Allow","NotPrincipal":{"AWS":"444455556666"},"Action":"a:B","Resource":"*"},` + own + `]`, `[` + own + `]`},
		"removed":                               {"remove", `[{"Effect":"Allow","Principal":"*","Action":"a:B","Resource":"*"},` + own + `]`, `[` + own + `]`},
		"nothing is left":                       {"remove", `{"Effect":"Allow","Principal":"*","Action":"a:B","Resource":"*"}`, ``},
		"a Deny stays, and so does a fixed one": {"narrow", `[` + deny + `,` + own + `]`, `[` + deny + `,` + own + `]`},
		"a condition that fixes who stays":      {"narrow", `[{"Effect":"Allow","Principal":"*","Action":"a:B","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}}]`, `[{"Effect":"Allow","Principal":"*","Action":"a:B","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}}]`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := privatePolicy(policy(test.in), test.mode, owner)
			require.NoError(t, err)
			if test.want == "" {
				require.Empty(t, got)
				return
			}
			require.JSONEq(t, policy(test.want), got)
			facts := iampolicy.Facts(got, owner, func(string) model.Value[bool] { return model.Known(true) })
			public, known := facts.PolicyPublic.Get()
			require.True(t, known && !public)
		})
	}
	_, err := privatePolicy("{", "narrow", owner)
	require.Error(t, err)
}
