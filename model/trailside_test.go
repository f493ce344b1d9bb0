package model

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRuntimeEnd(t *testing.T) {
	now := time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		runtime Value[string]
		want    Value[int]
	}{
		{Known("python3.9"), Known(-91)}, // 15 December 2025
		{Known("nodejs20.x"), Known(45)}, // 30 April 2026
		{Known("provided.al2023"), Known(1202)},
		{None[string](), None[int]()},
	} {
		f := &Function{Runtime: c.runtime}
		f.Derive(now)
		assert.Equal(t, c.want, f.RuntimeDeprecated, c.runtime)
	}
	f := &Function{Runtime: Known("cobol2030")}
	f.Derive(now)
	assert.Contains(t, f.RuntimeDeprecated.Why().Detail, "does not know the runtime cobol2030")
	why := Unknown{Reason: ReasonAccessDenied, Action: "a:B"}
	f = &Function{Runtime: Missing[string](why)}
	f.Derive(now)
	assert.Equal(t, why, f.RuntimeDeprecated.Why())
	for name, date := range runtimes() {
		_, err := time.Parse(time.DateOnly, date)
		assert.NoError(t, err, name)
	}
}

// TestBucketPublic is the truth table of what is known, and what is not, of the
// two ways into a bucket and of what holds them back.
func TestBucketPublic(t *testing.T) {
	yes, no, unknown := Known(true), Known(false), Missing[bool](Unknown{Reason: ReasonAccessDenied, Action: "p"})
	grants, none, noACL := Known([]string{"READ to AllUsers"}), Known([]string{}), Missing[[]string](Unknown{Reason: ReasonAccessDenied, Action: "a"})
	all, noBlocks := Known([]string{"IgnorePublicAcls", "RestrictPublicBuckets"}), Missing[[]string](Unknown{Reason: ReasonAccessDenied, Action: "b"})
	for _, c := range []struct {
		policy Value[bool]
		acl    Value[[]string]
		blocks Value[[]string]
		want   string
	}{
		{no, none, none, "no"}, {yes, none, none, "yes"}, {no, grants, none, "yes"}, {yes, grants, all, "no"},
		{unknown, none, none, "p"}, {unknown, grants, none, "yes"}, {unknown, grants, all, "no"},
		{no, noACL, none, "a"}, {yes, noACL, none, "yes"}, {yes, noACL, all, "no"},
		{no, none, noBlocks, "no"}, {yes, none, noBlocks, "b"}, {no, grants, noBlocks, "b"},
	} {
		b := &Trail{BucketFacts: BucketFacts{BucketExists: yes, BucketPolicyPublic: c.policy, BucketACLPublic: c.acl, BucketBlocks: c.blocks}}
		b.Derive(time.Now())
		got := b.BucketPublic.Why().Action
		if is, known := b.BucketPublic.Get(); known {
			got = map[bool]string{true: "yes", false: "no"}[is]
		}
		assert.Equal(t, c.want, got, "%v", c)
	}
	gone := &Trail{BucketFacts: BucketFacts{BucketExists: no}}
	gone.Derive(time.Now())
	assert.Equal(t, StateAbsent, gone.BucketPublic.State())
	bare := &Trail{}
	bare.Derive(time.Now())
	assert.Equal(t, StateUnknown, bare.BucketPublic.State())
}
