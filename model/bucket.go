package model

import "slices"

// BucketFacts are the settings of the S3 bucket that a trail delivers to. All
// are absent when the bucket does not exist.
type BucketFacts struct {
	BucketExists Value[bool] `json:"bucket_exists" doc:"false when S3 knows no bucket of that name"`
	// BucketForeign is not a fault: many organizations keep logs in an account
	// of their own. It says why the settings may be unreadable.
	BucketForeign Value[bool] `json:"bucket_foreign" doc:"the bucket belongs to another account than the trail"`

	BucketPolicyPublic Value[bool]     `json:"bucket_policy_public" doc:"its bucket policy lets anyone in, by S3's own judgement"`
	BucketACLPublic    Value[[]string] `json:"bucket_acl_public" doc:"what its ACL grants to everybody, e.g. \"READ to AllUsers\"; [] when nothing"`
	BucketBlocks       Value[[]string] `json:"bucket_block_public_access" doc:"settings of Block Public Access that are on for the bucket; [] when none"`
	BucketPublic       Value[bool]     `json:"bucket_public" doc:"its policy or its ACL lets anyone in and the bucket's own Block Public Access does not hold it back"`

	BucketEncryption Value[string] `json:"bucket_encryption" doc:"default encryption: AES256, aws:kms or aws:kms:dsse; absent when there is none"`
	BucketLogging    Value[string] `json:"bucket_logging" doc:"bucket that the server access logs go to; absent when access is not logged"`
}

// public says whether anyone gets in, as far as that is known: one open way is
// enough, and only two closed ones are.
//
// IgnorePublicAcls takes the effect of public ACLs away; RestrictPublicBuckets
// leaves of a public policy only the owner's own users and AWS services (S3 User
// Guide, "Blocking public access to your Amazon S3 storage"). The other two
// settings stop new grants and leave old ones in effect. The account's own
// block is not read: it is one switch for every bucket.
func (b *BucketFacts) public() Value[bool] {
	acl := mapValue(b.BucketACLPublic, func(grants []string) bool { return len(grants) > 0 })
	open := func(granted Value[bool], block string) Value[bool] {
		blocked := mapValue(b.BucketBlocks, func(on []string) bool { return !slices.Contains(on, block) })
		return and(granted, blocked)
	}
	return unlessNone(b.BucketExists, or3(open(b.BucketPolicyPublic, "RestrictPublicBuckets"), open(acl, "IgnorePublicAcls")))
}

// unlessNone is absent for a bucket that is known not to exist.
func unlessNone(exists, v Value[bool]) Value[bool] {
	if there, known := exists.Get(); known && !there {
		return None[bool]()
	}
	return v
}

// and is Kleene's: false if either is false, whatever the other is.
func and(a, b Value[bool]) Value[bool] { return kleene(a, b, false) }

// or3 is Kleene's: true if either is true, whatever the other is.
func or3(a, b Value[bool]) Value[bool] { return kleene(a, b, true) }

func kleene(a, b Value[bool], decides bool) Value[bool] {
	for _, v := range []Value[bool]{a, b} {
		if is, known := v.Get(); known && is == decides {
			return Known(decides)
		}
	}
	for _, v := range []Value[bool]{a, b} {
		if _, known := v.Get(); !known {
			return Missing[bool](v.Why())
		}
	}
	return Known(!decides)
}
