package session

import (
	"context"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/time/rate"
)

// limits keeps a scan from using up an account's request quotas, which its
// applications share. The SDK's adaptive retry slows down after AWS throttles;
// this is meant to be slow enough before.
type limits struct {
	unlimited bool
	mu        sync.Mutex
	by        map[string]*rate.Limiter
}

func newLimits(unlimited bool) *limits {
	return &limits{unlimited: unlimited, by: map[string]*rate.Limiter{}}
}

// perSecond is the rate for an operation, and the group that shares it: about
// half of the quota where AWS documents one, which applies to an account and
// region.
//
// Secrets Manager User Guide, "Quotas": resource policies 50, of which a scan
// takes more than half because applications do not call them, ListSecrets 100,
// DescribeSecret 10,000 together with GetSecretValue, of which a scan takes
// little because applications live on it. Lambda Developer Guide, "Lambda
// quotas": 15 for the control plane, all calls together. Systems Manager:
// 40 for GetParameters in the standard setting. CloudTrail: 10 for each call, but
// 2 for LookupEvents, all of which it gets: a lookup is long enough.
// CloudWatch: 9 for DescribeAlarms. CloudWatch Logs: 5 for DescribeMetricFilters.
// S3: 5,500 reads of a prefix, which here are those of a log archive.
// KMS has at least 100 for each of the reads here. RDS, IAM and tagging document
// none; their numbers are cautious guesses.
func perSecond(service, operation string) (group string, limit rate.Limit) {
	switch service {
	case "secretsmanager":
		switch operation {
		case "GetResourcePolicy":
			return operation, 40
		case "ListSecrets":
			return operation, 50
		default:
			return operation, 500
		}
	case "ssm":
		return operation, 20
	case "kms":
		return operation, 50
	case "lambda":
		return "", 7
	case "cloudtrail":
		if operation == "LookupEvents" {
			return operation, 2
		}
		return operation, 5
	case "cloudwatch":
		return operation, 4
	case "logs":
		return operation, 2
	case "s3":
		if operation == "GetObject" || operation == "ListObjectsV2" {
			return operation, 1000
		}
		return "", 10
	default:
		return "", 10
	}
}

func (l *limits) middleware(account, region string) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		if l.unlimited {
			return nil
		}
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("KeyproofRate", func(
			ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
		) (middleware.FinalizeOutput, middleware.Metadata, error) {
			service := prefix(awsmiddleware.GetServiceID(ctx))
			if err := l.limiter(account, region, service, awsmiddleware.GetOperationName(ctx)).Wait(ctx); err != nil {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, err
			}
			return next.HandleFinalize(ctx, in)
		}), "Retry", middleware.After) // after Retry: every attempt counts
	}
}

func (l *limits) limiter(account, region, service, operation string) *rate.Limiter {
	group, limit := perSecond(service, operation)
	key := account + "/" + region + "/" + service + "/" + group
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by[key] == nil {
		burst := max(1, int(limit))
		if operation == "LookupEvents" {
			burst = 1 // the quota is exact: two at once and two more make four in a second
		}
		l.by[key] = rate.NewLimiter(limit, burst)
	}
	return l.by[key]
}
