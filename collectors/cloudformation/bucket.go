package cloudformation

import (
	"github.com/keyproof/keyproof/model"
)

// bucket fills the settings of the bucket of a trail, where it is in the template.
func (r *reader) bucket(body *model.Trail, name value) {
	t := r.target(name, buckets())
	if t.id == "" {
		return // a bucket of which only the account knows more
	}
	res := r.byID[t.id]
	p := r.properties(res)
	b := &body.BucketFacts
	b.BucketExists, b.BucketForeign = model.Known(true), model.Known(false)
	if res.exists == undecided {
		b.BucketExists = model.Missing[bool](model.Unknown{Reason: model.ReasonUnresolved, Detail: res.why})
		b.BucketForeign = model.Missing[bool](b.BucketExists.Why())
	}
	b.BucketPolicyPublic = r.policyOf(r.bucketPolicies, res, func(block value) value { return block.get("PolicyDocument") }).PolicyPublic
	b.BucketACLPublic = r.acl(p.get("AccessControl"))
	b.BucketBlocks = r.blocks(p.get("PublicAccessBlockConfiguration"), b)
	b.BucketEncryption = r.bucketEncryption(p.get("BucketEncryption"))
	b.BucketLogging = r.bucketLogging(p.get("LoggingConfiguration"), name)
}

// acl reads AccessControl, a canned ACL (S3 User Guide, "Canned ACL").
func (r *reader) acl(v value) model.Value[[]string] {
	return mapped(r.withDefault(v, "Private"), func(name string) []string {
		switch name {
		case "PublicRead":
			return []string{"READ to AllUsers"}
		case "PublicReadWrite":
			return []string{"READ to AllUsers", "WRITE to AllUsers"}
		case "AuthenticatedRead":
			return []string{"READ to AuthenticatedUsers"}
		default:
			return nil
		}
	})
}

// blocks reads PublicAccessBlockConfiguration. Since April 2023 new buckets have
// all four settings, however they are made (S3 User Guide, "Blocking public
// access"). But a public ACL or policy cannot be set on such a bucket: where the
// template says that there is one, it works only on a bucket without the settings.
func (r *reader) blocks(v value, b *model.BucketFacts) model.Value[[]string] {
	all := []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}
	switch {
	case v.form == formUnknown:
		return model.Missing[[]string](v.reason())
	case v.form == formNothing:
		public, known := b.BucketPolicyPublic.Get()
		grants, readable := b.BucketACLPublic.Get()
		switch {
		case public, len(grants) > 0:
			return model.Known([]string{})
		case !known:
			return model.Missing[[]string](b.BucketPolicyPublic.Why())
		case !readable:
			return model.Missing[[]string](b.BucketACLPublic.Why())
		}
		return model.Known(all)
	}
	var on []string
	for _, name := range all {
		set := r.boolean(v.get(name), false)
		if set.State() == model.StateUnknown {
			return model.Missing[[]string](set.Why())
		}
		if set.Or(false) {
			on = append(on, name)
		}
	}
	return model.Known(on)
}

// bucketEncryption reads the default encryption. Without any, S3 encrypts with
// its own keys since January 2023 (S3 User Guide, "Default encryption").
func (r *reader) bucketEncryption(v value) model.Value[string] {
	list, why, ok := entries(v.get("ServerSideEncryptionConfiguration"))
	if !ok {
		return model.Missing[string](why)
	}
	kind := model.Known("AES256")
	for _, rule := range list {
		if one := r.string(rule.path("ServerSideEncryptionByDefault", "SSEAlgorithm")); one.State() != model.StateAbsent {
			kind = one
		}
	}
	return kind
}

// bucketLogging reads where access is logged. "If you don't specify a value,
// the logs are stored in the bucket itself" (LoggingConfiguration).
func (r *reader) bucketLogging(v, own value) model.Value[string] {
	if !v.given() {
		return model.None[string]()
	}
	to := v.get("DestinationBucketName")
	if to.form == formNothing && v.form == formObject {
		to = own
	}
	return r.must(to, "the name of the bucket")
}
