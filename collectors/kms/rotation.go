package kms

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// rotationPage is the most that ListKeyRotations gives a page.
const rotationPage = 1000

// rotation fills the rotation status, where the key can have one: KMS answers
// for asymmetric and HMAC keys and those of other origins that it does not
// apply (KMS Developer Guide, "Key states of AWS KMS keys"). It does apply to
// keys that are disabled or wait for their deletion, and to replicas, which
// share their primary's status.
func (c *Collector) rotation(ctx context.Context, _ *collectors.Cell, k types.KeyListEntry, body *model.Key) error {
	body.RotationEnabled, body.RotationPeriodDays, body.NextRotationAt = model.None[bool](), model.None[int](), model.None[time.Time]()
	if is(body.Spec, symmetric) == no || is(body.Origin, "AWS_KMS") == no {
		return nil
	}
	out, err := c.client.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: k.KeyArn})
	if _, ok := errors.AsType[*types.UnsupportedOperationException](err); ok {
		return nil
	}
	if err != nil {
		why := awserr.Unknown(getRotation, err)
		body.RotationEnabled, body.RotationPeriodDays, body.NextRotationAt = model.Missing[bool](why), model.Missing[int](why), model.Missing[time.Time](why)
		return awserr.Fatal(ctx, err)
	}
	body.RotationEnabled = model.Known(out.KeyRotationEnabled)
	if !out.KeyRotationEnabled {
		return nil
	}
	body.NextRotationAt = model.KnownOrNone(utc(out.NextRotationDate))
	// "The default value is 365 days."
	body.RotationPeriodDays = model.Known(yearly)
	if out.RotationPeriodInDays != nil {
		body.RotationPeriodDays = model.Known(int(*out.RotationPeriodInDays))
	}
	return nil
}

// rotations fills the date of the last rotation. Only symmetric keys whose
// material KMS made or the customer imported can rotate at all, the latter on
// demand ("Rotate AWS KMS keys").
func (c *Collector) rotations(ctx context.Context, _ *collectors.Cell, k types.KeyListEntry, body *model.Key) error {
	body.LastRotatedAt = model.None[time.Time]()
	if is(body.Spec, symmetric) == no || is(body.Origin, "AWS_KMS", "EXTERNAL") == no {
		return nil
	}
	in := &kms.ListKeyRotationsInput{KeyId: k.KeyArn, Limit: aws.Int32(rotationPage)}
	var last *time.Time
	for pages := kms.NewListKeyRotationsPaginator(c.client, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if _, ok := errors.AsType[*types.UnsupportedOperationException](err); ok {
			return nil
		}
		if err != nil {
			body.LastRotatedAt = model.Missing[time.Time](awserr.Unknown(listRotations, err))
			return awserr.Fatal(ctx, err)
		}
		for _, r := range page.Rotations {
			if r.RotationDate != nil && (last == nil || r.RotationDate.After(*last)) {
				last = r.RotationDate
			}
		}
	}
	body.LastRotatedAt = model.KnownOrNone(utc(last))
	return nil
}

const symmetric = "SYMMETRIC_DEFAULT"

type answer int

const (
	maybe answer = iota
	no
	yes
)

// is says whether a text is one of some: maybe, if it is unknown.
func is(v model.Value[string], some ...string) answer {
	s, ok := v.Get()
	switch {
	case !ok:
		return maybe
	case slices.Contains(some, s):
		return yes
	default:
		return no
	}
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}
