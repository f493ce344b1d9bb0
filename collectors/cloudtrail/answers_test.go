package cloudtrail

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// statusClient answers with one status.
type statusClient struct {
	client
	cloudtrail.GetTrailStatusOutput
}

func (c *statusClient) GetTrailStatus(context.Context, *cloudtrail.GetTrailStatusInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetTrailStatusOutput, error) {
	return &c.GetTrailStatusOutput, nil
}

// TestDigestDelivery: digests that do not arrive are an error of delivery, beside
// logs that do.
func TestDigestDelivery(t *testing.T) {
	for _, c := range []struct {
		logs, digests *string
		want          model.Value[string]
	}{
		{nil, aws.String("AccessDenied"), model.Known("AccessDenied (of digest files)")},
		{aws.String("NoSuchBucket"), aws.String("AccessDenied"), model.Known("NoSuchBucket")},
		{aws.String(""), aws.String(""), model.None[string]()},
	} {
		trails := &statusClient{GetTrailStatusOutput: cloudtrail.GetTrailStatusOutput{
			IsLogging: aws.Bool(true), LatestDeliveryError: c.logs, LatestDigestDeliveryError: c.digests,
		}}
		body := &model.Trail{}
		require.NoError(t, (&Collector{trails: trails}).status(t.Context(), &types.Trail{}, body))
		assert.Equal(t, c.want, body.DeliveryError)
	}
}

// policyClient answers with one status of a bucket policy.
type policyClient struct {
	buckets
	status *s3types.PolicyStatus
}

func (c *policyClient) GetBucketPolicyStatus(context.Context, *s3.GetBucketPolicyStatusInput, ...func(*s3.Options)) (*s3.GetBucketPolicyStatusOutput, error) {
	return &s3.GetBucketPolicyStatusOutput{PolicyStatus: c.status}, nil
}

// TestPolicyStatusLeftOut: an answer that does not say whether a policy is public
// does not say that it is not.
func TestPolicyStatusLeftOut(t *testing.T) {
	for _, status := range []*s3types.PolicyStatus{nil, {}} {
		body := &model.BucketFacts{}
		r := &bucketReader{s3: &policyClient{status: status}, name: aws.String("b"), body: body}
		require.NoError(t, r.policy(t.Context()))
		assert.Equal(t, model.StateUnknown, body.BucketPolicyPublic.State())
		assert.Equal(t, getPolicyStatus, body.BucketPolicyPublic.Why().Action)
	}
}
