package session

import (
	"context"
	"fmt"
	"regexp"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/keyproof/keyproof/internal/awserr"
)

// prefixes are the IAM prefixes of the services, by the SDK's service id.
func prefix(serviceID string) string {
	switch serviceID {
	case "Account":
		return "account"
	case "Athena":
		return "athena"
	case "CloudTrail":
		return "cloudtrail"
	case "IAM":
		return "iam"
	case "CloudWatch":
		return "cloudwatch"
	case "CloudWatch Logs":
		return "logs"
	case "EventBridge":
		return "events"
	case "KMS":
		return "kms"
	case "Lambda":
		return "lambda"
	case "Organizations":
		return "organizations"
	case "RDS":
		return "rds"
	case "Resource Groups Tagging API":
		return "tag"
	case "S3":
		return "s3"
	case "Secrets Manager":
		return "secretsmanager"
	case "SSM":
		return "ssm"
	case "STS":
		return "sts"
	default:
		return "unknown:" + serviceID
	}
}

// readVerb is how the operations of these services begin that change nothing: a
// write is refused even if a collector declares it.
var readVerb = regexp.MustCompile(`^(Describe|Get|List|Lookup)[A-Z]`)

// starts says which calls start or stop a query of an engine. They change nothing
// that is scanned, and still are no reads: they cost money, and the engine keeps
// its answer. Only who opens an account with Options.Queries can make them.
func starts(action string) bool {
	switch action {
	case "athena:StartQueryExecution", "athena:StopQueryExecution", "cloudtrail:StartQuery", "cloudtrail:CancelQuery":
		return true
	}
	return false
}

// calls are the IAM actions of the calls that a configuration may be used for.
type calls struct{ reads, queries, repairs map[string]bool }

// guard refuses every operation that is not a declared read, query or repair, and
// every one that answers with a secret's value, before anything is sent. A
// parameter may be decrypted by a repair that declares to read it: one that
// changes its type has to hand AWS the value again.
func guard(may calls) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("KeyproofGuard", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			operation := awsmiddleware.GetOperationName(ctx)
			action := iamAction(prefix(awsmiddleware.GetServiceID(ctx)), operation)
			read := may.reads[action] && readVerb.MatchString(operation) && !decrypts(in.Parameters)
			query := may.queries[action] && starts(action)
			if !read && !query && !may.repairs[action] || answersWithValue(action) {
				return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("%s: %w", action, awserr.ErrNotARead)
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.After)
	}
}
