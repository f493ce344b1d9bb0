package cloudtrail

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// The IAM actions of S3 do not all have the names of the operations (Service
// Authorization Reference, "Actions defined by Amazon S3").
const (
	listBuckets     = "s3:ListAllMyBuckets"
	getPolicyStatus = "s3:GetBucketPolicyStatus"
	getBucketACL    = "s3:GetBucketAcl"
	getPublicAccess = "s3:GetBucketPublicAccessBlock"
	getEncryption   = "s3:GetEncryptionConfiguration"
	getLogging      = "s3:GetBucketLogging"
)

// buckets lists the calls made to S3: settings of a bucket, never an object.
type buckets interface {
	s3.ListBucketsAPIClient
	GetBucketPolicyStatus(context.Context, *s3.GetBucketPolicyStatusInput, ...func(*s3.Options)) (*s3.GetBucketPolicyStatusOutput, error)
	GetBucketAcl(context.Context, *s3.GetBucketAclInput, ...func(*s3.Options)) (*s3.GetBucketAclOutput, error)
	GetPublicAccessBlock(context.Context, *s3.GetPublicAccessBlockInput, ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error)
	GetBucketEncryption(context.Context, *s3.GetBucketEncryptionInput, ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error)
	GetBucketLogging(context.Context, *s3.GetBucketLoggingInput, ...func(*s3.Options)) (*s3.GetBucketLoggingOutput, error)
}

// newBuckets makes a client. An endpoint that is not AWS answers for all
// buckets under one name, so that the bucket has to be in the path.
func newBuckets(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil })
}

// bucketReader reads the settings of one bucket.
type bucketReader struct {
	s3     buckets
	name   *string
	region string // of the bucket; where it is not known, the trail's, until S3 says
	body   *model.BucketFacts
}

// bucket fills what there is to know of the bucket of a trail.
func (c *Collector) bucket(ctx context.Context, body *model.Trail) error {
	name, ok := body.Bucket.Get()
	if !ok {
		return nil
	}
	r := &bucketReader{s3: c.buckets, name: &name, region: body.HomeRegion.Or(""), body: &body.BucketFacts}
	if err := r.owner(ctx); err != nil {
		return err
	}
	for _, read := range []func(context.Context) error{r.policy, r.acl, r.blocks, r.encryption, r.logging} {
		if err := read(ctx); err != nil {
			return err
		}
		if exists, known := r.body.BucketExists.Get(); known && !exists {
			r.gone()
			// CloudTrail tells of an error that it met when it delivered, and may not have
			// tried since (GetTrailStatus, LatestDeliveryError).
			if body.DeliveryError.State() == model.StateAbsent {
				body.DeliveryError = model.Known("NoSuchBucket (CloudTrail has not tried to deliver since)")
			}
			return nil
		}
	}
	return nil
}

// owner finds out whether the bucket is one of the account's own. Only the
// owner's list has it: S3 has no call that names the account of a bucket.
func (r *bucketReader) owner(ctx context.Context) error {
	pages := s3.NewListBucketsPaginator(r.s3, &s3.ListBucketsInput{Prefix: r.name, MaxBuckets: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx, r.at)
		if err != nil {
			r.body.BucketForeign = model.Missing[bool](awserr.Unknown(listBuckets, err))
			return awserr.Fatal(ctx, err)
		}
		for _, b := range page.Buckets {
			if aws.ToString(b.Name) == *r.name {
				r.body.BucketForeign = model.Known(false)
				if region := aws.ToString(b.BucketRegion); region != "" {
					r.region = region
				}
				return nil
			}
		}
	}
	r.body.BucketForeign = model.Known(true)
	return nil
}

func (r *bucketReader) at(o *s3.Options) {
	if r.region != "" {
		o.Region = r.region
	}
}

// ask makes a call, in the bucket's region: S3 answers a call that came to
// another one with a redirection that names the right one (S3 User Guide,
// "Making requests using the REST API": x-amz-bucket-region). It returns the
// error code when the answer was one, and the reason when nothing is known.
func (r *bucketReader) ask(ctx context.Context, action string, none []string, call func(func(*s3.Options)) error) (*model.Unknown, error) {
	err := call(r.at)
	if region := awserr.BucketRegion(err); region != "" && region != r.region {
		r.region = region
		err = call(r.at)
	}
	switch code := awserr.Code(err); {
	case err == nil:
		r.body.BucketExists = model.Known(true)
		return nil, nil
	case code == "NoSuchBucket":
		r.body.BucketExists, r.body.BucketForeign = model.Known(false), model.None[bool]()
		return &model.Unknown{}, nil
	case slices.Contains(none, code):
		r.body.BucketExists = model.Known(true)
		return nil, nil
	}
	why := awserr.Unknown(action, err)
	if foreign, _ := r.body.BucketForeign.Get(); foreign && why.Reason == model.ReasonAccessDenied {
		why.Detail = "the bucket belongs to another account: its bucket policy has to allow the call too"
	}
	if _, known := r.body.BucketExists.Get(); !known {
		r.body.BucketExists = model.Missing[bool](why)
	}
	return &why, awserr.Fatal(ctx, err)
}

// gone makes all settings absent: the bucket does not exist.
func (r *bucketReader) gone() {
	b := r.body
	b.BucketPolicyPublic, b.BucketACLPublic, b.BucketBlocks = model.None[bool](), model.None[[]string](), model.None[[]string]()
	b.BucketEncryption, b.BucketLogging = model.None[string](), model.None[string]()
}
