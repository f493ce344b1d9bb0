package cloudtrail

import (
	"context"
	"path"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

const noBucketPolicy = "NoSuchBucketPolicy"

// policy reads S3's own judgement of the bucket policy (S3 User Guide, "The
// meaning of public").
func (r *bucketReader) policy(ctx context.Context) error {
	public := model.Missing[bool](model.Unknown{Reason: model.ReasonFailed, Action: getPolicyStatus, Detail: "the answer does not say whether the policy is public"})
	why, err := r.ask(ctx, getPolicyStatus, []string{noBucketPolicy}, func(at func(*s3.Options)) error {
		out, err := r.s3.GetBucketPolicyStatus(ctx, &s3.GetBucketPolicyStatusInput{Bucket: r.name}, at)
		if awserr.Code(err) == noBucketPolicy {
			public = model.Known(false)
		} else if err == nil && out.PolicyStatus != nil && out.PolicyStatus.IsPublic != nil {
			public = model.Known(*out.PolicyStatus.IsPublic)
		}
		return err
	})
	if why != nil {
		public = model.Missing[bool](*why)
	}
	r.body.BucketPolicyPublic = public
	return err
}

// acl reads what the access control list grants to the two groups that anybody
// can be of: all, and all who have any AWS account at all ("ACL overview").
func (r *bucketReader) acl(ctx context.Context) error {
	var grants []string
	why, err := r.ask(ctx, getBucketACL, nil, func(at func(*s3.Options)) error {
		out, err := r.s3.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: r.name}, at)
		if err != nil {
			return err
		}
		for _, g := range out.Grants {
			if g.Grantee == nil || g.Grantee.Type != types.TypeGroup {
				continue
			}
			if group := path.Base(aws.ToString(g.Grantee.URI)); group == "AllUsers" || group == "AuthenticatedUsers" {
				grants = append(grants, string(g.Permission)+" to "+group)
			}
		}
		slices.Sort(grants)
		return nil
	})
	r.body.BucketACLPublic = settled(grants, why)
	return err
}

func (r *bucketReader) blocks(ctx context.Context) error {
	var on []string
	why, err := r.ask(ctx, getPublicAccess, []string{"NoSuchPublicAccessBlockConfiguration"}, func(at func(*s3.Options)) error {
		out, err := r.s3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: r.name}, at)
		if err != nil || out.PublicAccessBlockConfiguration == nil {
			return err
		}
		b := out.PublicAccessBlockConfiguration
		for _, s := range []struct {
			name string
			on   *bool
		}{
			{"BlockPublicAcls", b.BlockPublicAcls},
			{"BlockPublicPolicy", b.BlockPublicPolicy},
			{"IgnorePublicAcls", b.IgnorePublicAcls},
			{"RestrictPublicBuckets", b.RestrictPublicBuckets},
		} {
			if aws.ToBool(s.on) {
				on = append(on, s.name)
			}
		}
		return nil
	})
	r.body.BucketBlocks = settled(on, why)
	return err
}

// encryption reads the default encryption. S3 allows one rule.
func (r *bucketReader) encryption(ctx context.Context) error {
	var kind *string
	why, err := r.ask(ctx, getEncryption, []string{"ServerSideEncryptionConfigurationNotFoundError"}, func(at func(*s3.Options)) error {
		out, err := r.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: r.name}, at)
		if err != nil || out.ServerSideEncryptionConfiguration == nil {
			return err
		}
		for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
			if rule.ApplyServerSideEncryptionByDefault != nil {
				kind = aws.String(string(rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm))
			}
		}
		return nil
	})
	r.body.BucketEncryption = settledOrNone(kind, why)
	return err
}

func (r *bucketReader) logging(ctx context.Context) error {
	var target *string
	why, err := r.ask(ctx, getLogging, nil, func(at func(*s3.Options)) error {
		out, err := r.s3.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: r.name}, at)
		if err == nil && out.LoggingEnabled != nil {
			target = out.LoggingEnabled.TargetBucket
		}
		return err
	})
	r.body.BucketLogging = settledOrNone(target, why)
	return err
}

func settled[T any](v T, why *model.Unknown) model.Value[T] {
	if why != nil {
		return model.Missing[T](*why)
	}
	return model.Known(v)
}

func settledOrNone(v *string, why *model.Unknown) model.Value[string] {
	if why != nil {
		return model.Missing[string](*why)
	}
	return model.KnownOrNone(v)
}
