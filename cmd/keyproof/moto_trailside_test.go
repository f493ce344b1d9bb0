package main

import (
	"fmt"
	"net/http"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ebtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	ours "github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

const motoAccount = "123456789012"

// TestMotoAroundTrails reads buckets, metric filters and event rules from a
// server that nobody here wrote. Alarms are left out: moto 5.2 does not know the
// protocol (RPC v2 CBOR) that the SDK uses for CloudWatch.
func TestMotoAroundTrails(t *testing.T) {
	cfg := bareMoto(t)
	s := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	made := func(_ any, err error) { t.Helper(); require.NoError(t, err) }
	for _, name := range []string{"closed", "open"} {
		made(s.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}))
		made(s.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &name, Policy: aws.String(`{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:*", "Resource": "arn:aws:s3:::` + name + `/*"}]}`)}))
	}
	made(s.PutBucketAcl(t.Context(), &s3.PutBucketAclInput{Bucket: aws.String("open"), ACL: s3types.BucketCannedACLPublicRead}))
	made(s.PutPublicAccessBlock(t.Context(), &s3.PutPublicAccessBlockInput{Bucket: aws.String("closed"), PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
		IgnorePublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true),
	}}))
	made(s.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{Bucket: aws.String("closed"), ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
		Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAwsKms}}},
	}}))
	logs := cloudwatchlogs.NewFromConfig(cfg)
	made(logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("trail")}))
	made(logs.PutMetricFilter(t.Context(), &cloudwatchlogs.PutMetricFilterInput{
		LogGroupName: aws.String("trail"), FilterName: aws.String("reads"), FilterPattern: aws.String(`{ $.eventName = "Decrypt" }`),
		MetricTransformations: []logtypes.MetricTransformation{{MetricName: aws.String("KeyEvents"), MetricNamespace: aws.String("Trail"), MetricValue: aws.String("1")}},
	}))
	bus := eventbridge.NewFromConfig(cfg)
	made(bus.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("secrets"), EventPattern: aws.String(`{"source": ["aws.secretsmanager", "aws.kms"]}`)}))
	made(bus.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("secrets"), Targets: []ebtypes.Target{
		{Id: aws.String("1"), Arn: aws.String("arn:aws:sns:us-east-1:" + motoAccount + ":ops")},
	}}))
	trails := cloudtrail.NewFromConfig(cfg)
	for _, name := range []string{"closed", "open"} {
		made(trails.CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{
			Name: &name, S3BucketName: &name, IsMultiRegionTrail: aws.Bool(true), CloudWatchLogsRoleArn: aws.String("arn:aws:iam::" + motoAccount + ":role/x"),
			CloudWatchLogsLogGroupArn: aws.String("arn:aws:logs:us-east-1:" + motoAccount + ":log-group:trail:*"),
		}))
		made(trails.StartLogging(t.Context(), &cloudtrail.StartLoggingInput{Name: &name}))
	}

	spool, err := model.NewSpool("")
	require.NoError(t, err)
	defer spool.Close()
	cell := collectors.CellID{Partition: "aws", Account: motoAccount, Region: "us-east-1", Regions: []string{"us-east-1"}}
	snap, err := collectors.Run(t.Context(), collectors.Plan{TakenAt: time.Now(), Cells: []collectors.CellPlan{{
		Cell: cell, Stages: [][]collectors.Collector{{ours.New(cfg)}},
	}}}, spool)
	require.NoError(t, err)
	found := map[string]*model.Trail{}
	for r, err := range snap.Resources {
		require.NoError(t, err)
		switch body := r.Body.(type) {
		case *model.Trail:
			found[r.Name] = body
		case *model.Account:
			require.Equal(t, model.Known([]string{
				"cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors",
			}), body.UnalertedEvents, "the rule reports those of keys and secrets")
		}
	}
	require.Equal(t, model.Known(true), found["open"].BucketPublic)
	require.Equal(t, model.Known([]string{"READ to AllUsers"}), found["open"].BucketACLPublic)
	closed := found["closed"]
	// moto has no GetBucketPolicyStatus and answers the call with a list of objects,
	// which does not say that the policy is not public.
	require.Equal(t, "s3:GetBucketPolicyStatus", closed.BucketPublic.Why().Action)
	require.Equal(t, model.Known(false), closed.BucketForeign)
	require.Equal(t, model.Known([]string{"BlockPublicPolicy", "IgnorePublicAcls"}), closed.BucketBlocks)
	require.Equal(t, model.Known("aws:kms"), closed.BucketEncryption)
	require.Equal(t, model.None[string](), closed.BucketLogging)
}

// bareMoto starts a server with nothing in it.
func bareMoto(t *testing.T) aws.Config {
	t.Helper()
	port := freePort(t)
	server := exec.Command(needs.Program(t, "moto_server", "pip install 'moto[server]'"), "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	require.Eventually(t, func() bool {
		resp, err := http.Get(url + "/moto-api/config")
		if err == nil {
			resp.Body.Close()
		}
		return err == nil
	}, 60*time.Second, 100*time.Millisecond, "moto does not start")
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}
