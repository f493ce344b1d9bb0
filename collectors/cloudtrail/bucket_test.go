package cloudtrail_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

// settings is a file with one trail over each of some buckets.
const settings = `accounts:
  - id: "111122223333"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions:
      us-east-1:
        buckets:
          - {name: good, block_public_access: [BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets], encryption: "aws:kms", access_logs: logs}
          - {name: plain}
          - {name: policy, policy_public: true}
          - {name: policy-held, policy_public: true, block_public_access: [RestrictPublicBuckets]}
          - {name: policy-half, policy_public: true, block_public_access: [BlockPublicPolicy, IgnorePublicAcls]}
          - {name: acl, acl: [{group: AllUsers}, {group: AuthenticatedUsers, permission: FULL_CONTROL}]}
          - {name: acl-held, acl: [{group: AllUsers}], block_public_access: [IgnorePublicAcls]}
          - {name: delivery, policy_public: false, acl: [{group: LogDelivery, permission: WRITE}]}
        trails:
          - {name: good, bucket: good}
          - {name: plain, bucket: plain}
          - {name: policy, bucket: policy}
          - {name: policy-held, bucket: policy-held}
          - {name: policy-half, bucket: policy-half}
          - {name: acl, bucket: acl}
          - {name: acl-held, bucket: acl-held}
          - {name: delivery, bucket: delivery}
          - {name: irish, bucket: irish}
          - {name: theirs, bucket: theirs}
          - {name: shared, bucket: shared}
          - {name: gone, bucket: gone}
      eu-west-1:
        buckets: [{name: irish, access_logs: logs}]
  - id: "444455556666"
    regions:
      us-east-1: {buckets: [{name: theirs}]}
      eu-west-1: {buckets: [{name: shared, shared: true, encryption: "aws:kms"}]}
`

func TestBuckets(t *testing.T) {
	w := serveFile(t, settings)
	_, list := w.trails(collectors.CellID{})
	require.Len(t, list, 12)
	for name, public := range map[string]bool{
		"good": false, "plain": false, "policy": true, "policy-held": false, "policy-half": true,
		"acl": true, "acl-held": false, "delivery": false, "irish": false, "shared": false,
	} {
		assert.Equal(t, model.Known(public), list[name].BucketPublic, name)
		assert.Equal(t, model.Known(true), list[name].BucketExists, name)
	}
	good, plain := list["good"], list["plain"]
	assert.Equal(t, model.Known("aws:kms"), good.BucketEncryption)
	assert.Equal(t, model.Known("logs"), good.BucketLogging)
	assert.Equal(t, model.Known([]string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}), good.BucketBlocks)
	assert.Equal(t, model.Known(false), good.BucketForeign)
	assert.Equal(t, model.Known("AES256"), plain.BucketEncryption)
	assert.Equal(t, model.None[string](), plain.BucketLogging)
	assert.Equal(t, model.Known([]string{}), plain.BucketBlocks)
	assert.Equal(t, model.Known([]string{"FULL_CONTROL to AuthenticatedUsers", "READ to AllUsers"}), list["acl"].BucketACLPublic)
	assert.Equal(t, model.Known("logs"), list["irish"].BucketLogging, "a bucket in another region is read there")
	assert.Equal(t, model.Known(false), list["irish"].BucketForeign)

	assert.Equal(t, model.Known(true), list["shared"].BucketForeign)
	assert.Equal(t, model.Known("aws:kms"), list["shared"].BucketEncryption, "S3 says where it is, and its owner allows the call")
}

// TestForeignBucket: a bucket of another account that may not be read is
// unknown, with what would help.
func TestForeignBucket(t *testing.T) {
	w := serveFile(t, settings)
	_, list := w.trails(collectors.CellID{})
	theirs := list["theirs"]
	assert.Equal(t, model.Known(true), theirs.BucketForeign)
	for action, v := range map[string]model.Attribute{
		"s3:GetBucketPolicyStatus": theirs.BucketPolicyPublic, "s3:GetBucketAcl": theirs.BucketACLPublic,
		"s3:GetBucketPublicAccessBlock": theirs.BucketBlocks, "s3:GetEncryptionConfiguration": theirs.BucketEncryption,
		"s3:GetBucketLogging": theirs.BucketLogging,
	} {
		assert.Equal(t, action, v.Why().Action)
		assert.Equal(t, model.ReasonAccessDenied, v.Why().Reason, action)
		assert.Contains(t, v.Why().Detail, "its bucket policy has to allow the call", action)
	}
	assert.Equal(t, model.StateUnknown, theirs.BucketPublic.State())
	assert.Equal(t, model.ReasonAccessDenied, theirs.BucketExists.Why().Reason)
}

func TestNoBucket(t *testing.T) {
	w := serveFile(t, settings)
	_, list := w.trails(collectors.CellID{})
	gone := list["gone"]
	assert.Equal(t, model.Known(false), gone.BucketExists)
	assert.Equal(t, model.Known("NoSuchBucket (CloudTrail has not tried to deliver since)"), gone.DeliveryError, "CloudTrail tells of it only when it delivers again")
	for _, v := range []model.Attribute{gone.BucketForeign, gone.BucketPublic, gone.BucketPolicyPublic, gone.BucketACLPublic, gone.BucketBlocks, gone.BucketEncryption, gone.BucketLogging} {
		assert.Equal(t, model.StateAbsent, v.State())
	}
}

// TestBucketDenied is Kleene's logic: one open way is enough to be public, and
// what is not known may be the other way.
func TestBucketDenied(t *testing.T) {
	known, unknown := model.Known(true), model.StateUnknown
	for operation, want := range map[string]map[string]any{
		"GetBucketPolicyStatus":      {"plain": unknown, "acl": known, "policy-held": model.Known(false)},
		"GetBucketAcl":               {"plain": unknown, "policy": known, "good": model.Known(false), "policy-held": unknown},
		"GetBucketPublicAccessBlock": {"plain": model.Known(false), "policy": unknown, "acl": unknown},
	} {
		w := serveFile(t, settings)
		w.Deny("s3", operation)
		_, list := w.trails(collectors.CellID{})
		require.Len(t, list, 12, "no row is lost")
		for name, v := range want {
			got := list[name].BucketPublic
			if v == unknown {
				assert.Equal(t, unknown, got.State(), "%s %s", operation, name)
				assert.Equal(t, testaccount.Denied("s3:"+operation), got.Why(), "%s %s", operation, name)
				continue
			}
			assert.Equal(t, v, got, "%s %s", operation, name)
		}
	}
	for operation, of := range map[string]func(*model.Trail) model.Attribute{
		"GetEncryptionConfiguration": func(t *model.Trail) model.Attribute { return t.BucketEncryption },
		"GetBucketLogging":           func(t *model.Trail) model.Attribute { return t.BucketLogging },
		"ListAllMyBuckets":           func(t *model.Trail) model.Attribute { return t.BucketForeign },
	} {
		w := serveFile(t, settings)
		w.Deny("s3", operation)
		_, list := w.trails(collectors.CellID{})
		assert.Equal(t, testaccount.Denied("s3:"+operation), of(list["plain"]).Why())
		assert.Equal(t, model.Known(false), list["plain"].BucketPublic)
	}
}

func TestBucketBroken(t *testing.T) {
	for _, kind := range []fake.FaultKind{fake.BreakServer, fake.BreakConnection, fake.Throttle} {
		w := serveFile(t, settings)
		w.SetFaults(fake.Fault{Service: "s3", Kind: kind})
		_, list := w.trails(collectors.CellID{})
		require.Len(t, list, 12)
		assert.Equal(t, model.ReasonFailed, list["plain"].BucketPublic.Why().Reason)
		assert.Equal(t, model.StateUnknown, list["gone"].BucketExists.State(), "nobody said that it does not exist")
	}
}
