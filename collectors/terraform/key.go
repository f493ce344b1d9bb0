package terraform

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// Defaults of AWS (KMS API Reference, CreateKey).
const (
	symmetric = "SYMMETRIC_DEFAULT"
	encrypts  = "ENCRYPT_DECRYPT"
	yearly    = 365 // RotationPeriodInDays of EnableKeyRotation
)

func (b *builder) key(from *block) *model.Resource {
	body := b.anyKey(from)
	body.Spec = from.get("customer_master_key_spec").text(model.Known(symmetric))
	body.Usage = from.get("key_usage").text(model.Known(encrypts))
	body.Origin = origin(from)
	body.MultiRegion, body.Replica = from.get("multi_region").yes(model.Known(false)), model.Known(false)
	body.State = keyState(from, from.get("is_enabled").yes(model.Known(true)))
	body.MaterialExpiresAt = model.None[time.Time]()
	fillKeyRotation(body, from.get("enable_key_rotation").yes(model.Known(false)), from.get("rotation_period_in_days").number(model.Known(yearly)))
	return b.keyResource(from, body)
}

// origin: a key in a custom key store has its material there.
func origin(from *block) model.Value[string] {
	store, outside := from.get("custom_key_store_id").text(model.None[string]()), from.get("xks_key_id").text(model.None[string]())
	switch {
	case outside.State() == model.StateKnown:
		return model.Known("EXTERNAL_KEY_STORE")
	case store.State() == model.StateUnknown:
		return store
	case outside.State() == model.StateUnknown:
		return outside
	case store.State() == model.StateKnown:
		return model.Known("AWS_CLOUDHSM")
	default:
		return model.Known("AWS_KMS")
	}
}

// externalKey is a key with imported material. Without any it is waiting for it
// (KMS Developer Guide, "Key states of AWS KMS keys").
func (b *builder) externalKey(from *block) *model.Resource {
	body := b.anyKey(from)
	body.Spec = from.get("key_spec").text(model.Known(symmetric))
	body.Usage = from.get("key_usage").text(model.Known(encrypts))
	body.Origin = model.Known("EXTERNAL")
	body.MultiRegion, body.Replica = from.get("multi_region").yes(model.Known(false)), model.Known(false)
	if from.created && from.values.get("key_material_base64").state() == unset {
		body.State = model.Known("PendingImport")
	} else {
		body.State = keyState(from, from.get("enabled").yes(model.Known(true)))
	}
	body.MaterialExpiresAt = expiry(from.get("valid_to"))
	fillKeyRotation(body, model.Known(false), model.None[int]())
	return b.keyResource(from, body)
}

func expiry(a attribute) model.Value[time.Time] {
	text := a.text(model.None[string]())
	s, ok := text.Get()
	switch {
	case text.State() == model.StateAbsent:
		return model.None[time.Time]()
	case !ok:
		return model.Missing[time.Time](text.Why())
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return model.Missing[time.Time](unresolved("valid_to is no time"))
	}
	return model.Known(at)
}

// replicaKey shares spec, usage and rotation with its primary (KMS Developer
// Guide, "Multi-Region keys": shared properties).
func (b *builder) replicaKey(from *block) *model.Resource {
	body := b.anyKey(from)
	body.MultiRegion, body.Replica = model.Known(true), model.Known(true)
	body.State = keyState(from, from.get("enabled").yes(model.Known(true)))
	body.MaterialExpiresAt = model.None[time.Time]()
	outside := notInSource("the primary key decides, and the plan does not have it")
	body.Spec, body.Usage = model.Missing[string](outside), model.Missing[string](outside)
	rotates, days := model.Missing[bool](outside), model.Missing[int](outside)
	if p := from.about("primary_key_arn", "aws_kms_key", "aws_kms_external_key").one(); p != nil {
		body.Spec = p.get("customer_master_key_spec").text(model.Known(symmetric))
		body.Usage = p.get("key_usage").text(model.Known(encrypts))
		rotates, days = p.get("enable_key_rotation").yes(model.Known(false)), p.get("rotation_period_in_days").number(model.Known(yearly))
	}
	if from.is("aws_kms_replica_external_key") {
		body.Origin, body.MaterialExpiresAt = model.Known("EXTERNAL"), expiry(from.get("valid_to"))
	} else {
		body.Origin = model.Known("AWS_KMS")
		body.Spec = from.values.get("key_spec").text(body.Spec)
		body.Usage = from.values.get("key_usage").text(body.Usage)
		if v := from.values.get("key_rotation_enabled"); v.state() == given {
			rotates = v.yes(rotates)
		}
	}
	fillKeyRotation(body, rotates, days)
	return b.keyResource(from, body)
}

// keyState: of a key that exists only a running account can tell more than that
// it is to be disabled: it may wait for its deletion or for its material.
func keyState(from *block, enabled model.Value[bool]) model.Value[string] {
	on, known := enabled.Get()
	switch {
	case !known:
		return model.Missing[string](enabled.Why())
	case !on:
		return model.Known("Disabled")
	case from.created && !from.is("aws_kms_external_key", "aws_kms_replica_external_key"):
		return model.Known("Enabled")
	default:
		return model.Missing[string](notInSource("the state of a key that exists"))
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
	body.PolicyFacts = b.oneOf(from, "policy", b.about(from, "aws_kms_key_policy", "key_id", keyTypes()...), "policy", func() model.PolicyFacts { return defaultPolicy(from) })
	if from.created {
		body.DeletionAt = model.None[time.Time]()
	}
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
	r := b.resource(from, model.KindKey, name, body)
	r.Aka = append(r.Aka, aka...)
	slices.Sort(r.Aka)
	return r
}
