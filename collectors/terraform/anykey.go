package terraform

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// anyKey fills what all sorts of keys have.
func (b *builder) anyKey(from *block) *model.Key {
	body := &model.Key{
		KeyID:   from.values.get("key_id").text(model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply})),
		Manager: model.Known("CUSTOMER"),
		Tags:    from.tags(),
	}
	if id, ok := from.values.get("id").text(model.None[string]()).Get(); ok && body.KeyID.State() == model.StateUnknown {
		body.KeyID = model.Known(id)
	}
	body.PolicyFacts = b.oneOf(from, "policy", besides{"aws_kms_key_policy", "key_id", keyTypes()}, func() model.PolicyFacts { return defaultPolicy(from) })
	return body
}

// defaultPolicy is that of a key for which none is given: it lets in the account
// that owns the key (KMS Developer Guide, "Default key policy").
func defaultPolicy(of *block) model.PolicyFacts {
	owner := ownerOf(of)
	root := arn.ARN{Partition: first(of.place().partition, "aws"), Service: "iam", AccountID: owner.Account, Resource: "root"}.String()
	doc := `{"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"` +
		root + `"},"Action":"kms:*","Resource":"*"}]}`
	return iampolicy.Facts(doc, owner, nil)
}

// keyResource adds the aliases. Only a key that the file makes has no others.
func (b *builder) keyResource(from *block, body *model.Key) *model.Resource {
	aliases := b.about(from, "aws_kms_alias", "target_key_id", keyTypes()...)
	var names, aka []string
	for _, c := range aliases {
		if name, ok := c.by.named().Get(); ok && c.sure {
			names = append(names, name)
			if full, ok := c.by.values.get("arn").text(model.None[string]()).Get(); ok {
				aka = append(aka, full)
			}
		}
	}
	slices.Sort(names)
	switch by := doubt(aliases); {
	case by != nil:
		body.Aliases = model.Missing[[]string](afterApply(by))
	case len(names) < len(aliases):
		body.Aliases = model.Missing[[]string](model.Unknown{Reason: model.ReasonAfterApply, Detail: "the name of an alias"})
	case from.created:
		body.Aliases = model.Known(names)
	}
	name := body.KeyID
	if len(names) > 0 {
		name = model.Known(names[0])
	}
	// A key that can be used, or was only just made, waits for no deletion.
	if from.created || body.State.Or("") == "Enabled" {
		body.DeletionAt = model.None[time.Time]()
	}
	r := b.resource(from, model.KindKey, name, body)
	r.Aka = append(r.Aka, aka...)
	slices.Sort(r.Aka)
	return r
}

// keyState follows from whether the key is enabled. "When KeyState is Enabled this
// value is true, otherwise it is false" (KeyMetadata, Enabled), which is what the
// provider reads; a key that waits for its deletion it takes for gone. Of a key
// that waits for its material the provider says the state as well.
func keyState(from *block, enabled model.Value[bool]) model.Value[string] {
	on, known := enabled.Get()
	imported := from.is("aws_kms_external_key", "aws_kms_replica_external_key")
	if told := from.values.get("key_state"); imported && told.state() == given {
		return told.text(model.Value[string]{})
	}
	switch {
	case !known:
		return model.Missing[string](enabled.Why())
	case !on && !from.created && from.values.get("custom_key_store_id").state() != unset:
		return model.Missing[string](notInSource("a key in a custom key store may be disabled or out of reach"))
	case !on:
		return model.Known("Disabled")
	case imported && from.created:
		return model.Missing[string](notInSource("whether the import of its material succeeds"))
	default:
		return model.Known("Enabled")
	}
}

// fillKeyRotation fills rotation, where the key can have one.
func fillKeyRotation(body *model.Key, on model.Value[bool], days model.Value[int]) {
	spec, okSpec := body.Spec.Get()
	from, okFrom := body.Origin.Get()
	if okSpec && spec != symmetric || okFrom && from != "AWS_KMS" {
		body.RotationEnabled, body.RotationPeriodDays, body.NextRotationAt = model.None[bool](), model.None[int](), model.None[time.Time]()
		return
	}
	if !okSpec || !okFrom {
		why := body.Spec.Why()
		if okSpec {
			why = body.Origin.Why()
		}
		body.RotationEnabled, body.RotationPeriodDays = model.Missing[bool](why), model.Missing[int](why)
		return
	}
	body.RotationEnabled, body.RotationPeriodDays = on, days
	if yes, known := on.Get(); known && !yes {
		body.RotationPeriodDays, body.NextRotationAt = model.None[int](), model.None[time.Time]()
	} else if !known {
		body.RotationPeriodDays = model.Missing[int](on.Why())
	}
}
