package terraform

import (
	"time"

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
	body.ReplicaOf = model.None[string]()
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
	body.ReplicaOf = model.None[string]()
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
	body.ReplicaOf = from.get("primary_key_arn").text(model.Value[string]{})
	outside := notInSource("the primary key decides, and the plan does not have it")
	body.Spec, body.Usage = model.Missing[string](outside), model.Missing[string](outside)
	rotates, days := model.Missing[bool](outside), model.Missing[int](outside)
	primary := from.about("primary_key_arn", "aws_kms_key", "aws_kms_external_key").one()
	if p := primary; p != nil {
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
	r := b.keyResource(from, body)
	switch text, known := body.ReplicaOf.Get(); {
	case primary != nil:
		r.Ref("primary", model.Known(primary.id(model.KindKey)))
	case known:
		r.Ref("primary", model.Known(namedID(model.KindKey, text)))
	default:
		r.Ref("primary", model.Missing[model.ResourceID](body.ReplicaOf.Why()))
	}
	return r
}
