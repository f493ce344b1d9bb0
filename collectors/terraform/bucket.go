package terraform

import (
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// bucket fills the bucket of a trail, if the file has it.
func (b *builder) bucket(from *block, body *model.Trail) {
	body.Bucket = from.get("s3_bucket_name").text(model.Value[string]{})
	bucket := from.about("s3_bucket_name", "aws_s3_bucket").one()
	if bucket == nil {
		return
	}
	if body.Bucket.State() == model.StateUnknown {
		body.Bucket = bucketName(bucket)
	}
	facts := &body.BucketFacts
	facts.BucketExists = model.Known(true)
	// A bucket's ARN has no account, so that it may be the provider's only.
	if bucket.sameAccount(from) {
		facts.BucketForeign = model.Known(false)
	} else if here, there := from.place().account, bucket.place().account; here != "" && there != "" {
		facts.BucketForeign = model.Known(true)
	}
	facts.BucketPolicyPublic = b.bucketPolicy(bucket)
	facts.BucketACLPublic = b.bucketACL(bucket)
	facts.BucketEncryption = b.bucketEncryption(bucket)
	facts.BucketLogging = b.bucketLogging(bucket)
	facts.BucketBlocks = b.bucketBlocks(bucket, facts)
}

func bucketName(bucket *block) model.Value[string] {
	return bucket.values.get("bucket").text(model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply}))
}

// beside is the one block of a type that is about a bucket; why, if it cannot be
// told which one is.
func (b *builder) beside(bucket *block, kind string) (one *block, why *model.Unknown) {
	list := b.about(bucket, kind, "bucket")
	if by := doubt(list); by != nil {
		unknown := afterApply(by)
		return nil, &unknown
	}
	if len(list) > 1 {
		unknown := unresolved("both " + list[0].by.address + " and " + list[1].by.address + " are about the bucket")
		return nil, &unknown
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list[0].by, nil
}

func (b *builder) bucketPolicy(bucket *block) model.Value[bool] {
	facts := b.oneOf(bucket, "policy", besides{kind: "aws_s3_bucket_policy", names: "bucket"}, func() model.PolicyFacts { return iampolicy.Facts("", model.ResourceID{}, nil) })
	return facts.PolicyPublic
}

// bucketBlocks are the settings of Block Public Access. "By default, new buckets
// … don't allow public access" (S3 User Guide, "Blocking public access": since
// April 2023 all four are on). S3 refuses a public policy or ACL then, so that a
// file which sets one counts on a bucket on which they are off, and one of which
// that is not known may.
func (b *builder) bucketBlocks(bucket *block, facts *model.BucketFacts) model.Value[[]string] {
	one, why := b.beside(bucket, "aws_s3_bucket_public_access_block")
	if why != nil {
		return model.Missing[[]string](*why)
	}
	settings := []struct{ name, attribute string }{
		{"BlockPublicAcls", "block_public_acls"},
		{"BlockPublicPolicy", "block_public_policy"},
		{"IgnorePublicAcls", "ignore_public_acls"},
		{"RestrictPublicBuckets", "restrict_public_buckets"},
	}
	if one == nil {
		open, known := facts.BucketPolicyPublic.Get()
		grants, readable := facts.BucketACLPublic.Get()
		switch {
		case open || len(grants) > 0:
			return model.Known([]string{})
		case !known:
			return model.Missing[[]string](facts.BucketPolicyPublic.Why())
		case !readable:
			return model.Missing[[]string](facts.BucketACLPublic.Why())
		case !bucket.created:
			return model.Missing[[]string](notInSource("no block of the file sets Block Public Access of a bucket that exists"))
		}
	}
	on := []string{}
	for _, s := range settings {
		if one == nil {
			on = append(on, s.name)
			continue
		}
		set := one.get(s.attribute).yes(model.Known(false))
		if yes, known := set.Get(); !known {
			return model.Missing[[]string](set.Why())
		} else if yes {
			on = append(on, s.name)
		}
	}
	return model.Known(on)
}

// bucketEncryption: "all new object uploads … are automatically encrypted" with
// AES256 unless a bucket says otherwise (S3 User Guide, "Default encryption").
func (b *builder) bucketEncryption(bucket *block) model.Value[string] {
	one, why := b.beside(bucket, "aws_s3_bucket_server_side_encryption_configuration")
	if why != nil {
		return model.Missing[string](*why)
	}
	rules := bucket.get("server_side_encryption_configuration")
	if one != nil {
		rules = one.values.get("rule") // required: the provider makes none up
	} else if list := rules.list(); len(list) > 0 {
		rules = list[0].get("rule")
	}
	if s := rules.state(); s == later || s == hidden {
		return model.Missing[string](rules.why())
	}
	kind := model.Known("AES256")
	for _, rule := range rules.list() {
		for _, by := range rule.get("apply_server_side_encryption_by_default").list() {
			kind = by.get("sse_algorithm").text(kind)
		}
	}
	return kind
}

func (b *builder) bucketLogging(bucket *block) model.Value[string] {
	one, why := b.beside(bucket, "aws_s3_bucket_logging")
	switch {
	case why != nil:
		return model.Missing[string](*why)
	case one == nil:
		inline := bucket.get("logging")
		if s := inline.state(); s == later || s == hidden {
			return model.Missing[string](inline.why())
		}
		for _, l := range inline.list() {
			return logsTo(l.get("target_bucket"), bucket.followed(bucket.config.Get("expressions.logging.0.target_bucket")))
		}
		return model.None[string]()
	}
	return logsTo(one.get("target_bucket"), one.follow("target_bucket"))
}

func logsTo(a attribute, r reach) model.Value[string] {
	target := a.text(model.None[string]())
	if one := r.exact(); one != nil && one.is("aws_s3_bucket") && a.state() == later {
		return model.Known(bucketName(one).Or(one.address))
	}
	return target
}
