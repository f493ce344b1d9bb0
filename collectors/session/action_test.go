package session_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/internal/awserr"
)

// TestActionsOfS3: the guard knows the calls of S3 by their IAM actions, which
// have other names, and the services that stand around trails by their prefixes.
func TestActionsOfS3(t *testing.T) {
	server := serve(t)
	calls := func(cfg aws.Config) map[string]func(context.Context) error {
		bucket, buckets := aws.String("b"), s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
		return map[string]func(context.Context) error{
			"s3:ListAllMyBuckets": func(ctx context.Context) error {
				_, err := buckets.ListBuckets(ctx, &s3.ListBucketsInput{})
				return err
			},
			"s3:GetEncryptionConfiguration": func(ctx context.Context) error {
				_, err := buckets.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: bucket})
				return err
			},
			"s3:GetBucketPublicAccessBlock": func(ctx context.Context) error {
				_, err := buckets.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: bucket})
				return err
			},
			"s3:GetBucketAcl": func(ctx context.Context) error {
				_, err := buckets.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: bucket})
				return err
			},
			"s3:GetObject": func(ctx context.Context) error {
				_, err := buckets.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: bucket})
				return err
			},
			"logs:DescribeMetricFilters": func(ctx context.Context) error {
				_, err := cloudwatchlogs.NewFromConfig(cfg).DescribeMetricFilters(ctx, &cloudwatchlogs.DescribeMetricFiltersInput{LogGroupName: bucket})
				return err
			},
			"cloudwatch:DescribeAlarms": func(ctx context.Context) error {
				_, err := cloudwatch.NewFromConfig(cfg).DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
				return err
			},
			"events:ListRules": func(ctx context.Context) error {
				_, err := eventbridge.NewFromConfig(cfg).ListRules(ctx, &eventbridge.ListRulesInput{})
				return err
			},
		}
	}
	config := func(reads ...string) aws.Config {
		account := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1"}, Unlimited: true, Reads: reads})[0]
		return account.Config("us-east-1")
	}
	for action, call := range calls(config()) {
		require.ErrorIs(t, call(t.Context()), awserr.ErrNotARead, action)
		assert.Zero(t, server.Calls()[action], action)
	}
	for action := range calls(config()) {
		if action == "s3:GetObject" {
			continue
		}
		err := calls(config(action))[action](t.Context())
		assert.NotErrorIs(t, err, awserr.ErrNotARead, action)
		assert.Equal(t, 1, server.Calls()[action], action)
	}
}
