package cloudformation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// defaultKeyPolicy is what a key without KeyPolicy gets: it "gives the account
// that owns the key full access" (KMS Developer Guide, "Default key policy").
const defaultKeyPolicy = `{"Version": "2012-10-17", "Id": "key-default-1", "Statement": [{"Sid": "Enable IAM User Permissions",
	"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*", "Resource": "*"}]}`

const yearly = 365 // days; the default of RotationPeriodInDays

// key reads AWS::KMS::Key.
func (r *reader) key(res *resource) {
	p := r.properties(res)
	body := &model.Key{
		Spec: r.withDefault(p.get("KeySpec"), "SYMMETRIC_DEFAULT"), Usage: r.withDefault(p.get("KeyUsage"), "ENCRYPT_DECRYPT"),
		Origin: r.withDefault(p.get("Origin"), "AWS_KMS"), MultiRegion: r.boolean(p.get("MultiRegion"), false), Replica: model.Known(false), ReplicaOf: model.None[string](),
	}
	// Material that the customer imports may expire, and is in no template.
	body.MaterialExpiresAt = model.None[time.Time]()
	if origin, ok := body.Origin.Get(); !ok || origin == "EXTERNAL" {
		body.MaterialExpiresAt = model.Value[time.Time]{}
	}
	r.keyRotation(body, p)
	r.finishKey(res, p, body)
}

// keyRotation reads EnableKeyRotation: "by default, rotation is off".
func (r *reader) keyRotation(body *model.Key, p value) {
	on := r.boolean(p.get("EnableKeyRotation"), false)
	period := r.number(p.get("RotationPeriodInDays"))
	if period.State() == model.StateAbsent {
		period = model.Known(yearly)
	}
	spec, okSpec := body.Spec.Get()
	origin, okOrigin := body.Origin.Get()
	switch enabled, known := on.Get(); {
	case okSpec && spec != "SYMMETRIC_DEFAULT", okOrigin && origin != "AWS_KMS":
		on, period = model.None[bool](), model.None[int]() // no such key can rotate by itself
	case !okSpec:
		on, period = model.Missing[bool](body.Spec.Why()), model.Missing[int](body.Spec.Why())
	case !okOrigin:
		on, period = model.Missing[bool](body.Origin.Why()), model.Missing[int](body.Origin.Why())
	case !known:
		period = model.Missing[int](on.Why())
	case !enabled:
		period = model.None[int]()
	}
	body.RotationEnabled, body.RotationPeriodDays = on, period
	if enabled, known := on.Get(); on.State() == model.StateAbsent || known && !enabled {
		body.NextRotationAt = model.None[time.Time]()
	}
}

// replicaKey reads AWS::KMS::ReplicaKey. Its primary, which is in another region
// and so in another stack, decides spec, usage and rotation.
func (r *reader) replicaKey(res *resource) {
	p := r.properties(res)
	body := &model.Key{MultiRegion: model.Known(true), Replica: model.Known(true), MaterialExpiresAt: model.None[time.Time]()}
	body.ReplicaOf = r.must(p.get("PrimaryKeyArn"), "the ARN of the primary key")
	r.finishKey(res, p, body).Ref("primary", r.reference(r.target(p.get("PrimaryKeyArn"), keys()), keys()))
}

// finishKey fills what keys and replica keys have in common.
func (r *reader) finishKey(res *resource, p value, body *model.Key) *model.Resource {
	made := model.Unknown{Reason: model.ReasonAfterApply, Detail: "the id of the key"}
	body.KeyID, body.Manager = model.Missing[string](made), model.Known("CUSTOMER")
	body.Tags = r.tags(p.get("Tags"))
	// CloudFormation does not deploy a key that waits for its deletion.
	body.DeletionAt = model.None[time.Time]()
	body.State = mapped(r.boolean(p.get("Enabled"), true), func(on bool) string {
		if on {
			return "Enabled"
		}
		return "Disabled"
	})
	if origin, ok := body.Origin.Get(); ok && origin == "EXTERNAL" && body.State.Or("") == "Enabled" {
		body.State = model.Missing[string](notInSource("whether material was imported"))
	}
	body.PolicyFacts = r.keyPolicy(p.get("KeyPolicy"))
	var aka []string
	body.Aliases, aka = r.keyAliases(res)
	name := model.Missing[string](made)
	if list := body.Aliases.Or(nil); len(list) > 0 {
		name = model.Known(list[0])
	}
	out := r.emit(res, res.id, model.KindKey, name, body)
	out.Aka = aka
	return out
}

func (r *reader) keyPolicy(v value) model.PolicyFacts {
	if !v.given() {
		doc := fmt.Sprintf(defaultKeyPolicy, "arn:"+r.partition+":iam::"+r.own+":root")
		return r.facts(policy{open: doc, closed: doc}, true)
	}
	if s, ok := v.text.literal(); ok && strings.TrimSpace(s) == "" {
		return iampolicy.Unreadable(misplaced())
	}
	return r.facts(r.document(v, false), true)
}

// keyAliases are the names of the AWS::KMS::Alias blocks about a key, and under
// which other names references may know it.
func (r *reader) keyAliases(res *resource) (model.Value[[]string], []string) {
	blocks, doubt := r.aliases.of(res.id)
	names, aka := []string{}, []string(nil)
	for _, b := range blocks {
		name := r.must(r.properties(b).get("AliasName"), "the name of "+b.id)
		if s, ok := name.Get(); ok {
			names, aka = append(names, s), append(aka, s)
			if r.o.Account != "" && r.o.Region != "" {
				aka = append(aka, "arn:"+r.partition+":kms:"+r.o.Region+":"+r.o.Account+":"+s)
			}
		} else if why := name.Why(); doubt == nil {
			doubt = &why
		}
	}
	slices.Sort(names)
	if doubt != nil {
		return model.Missing[[]string](*doubt), aka
	}
	return model.Known(names), aka
}
