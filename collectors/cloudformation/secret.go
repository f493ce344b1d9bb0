package cloudformation

import (
	"cmp"
	"slices"
	"time"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

const secretAlias = "alias/aws/secretsmanager"

// secret reads AWS::SecretsManager::Secret (Template Reference), with the blocks
// that rotate it and let others in.
func (r *reader) secret(res *resource) {
	p := r.properties(res)
	body := &model.Secret{
		Name: r.must(p.get("Name"), "a name that CloudFormation makes up"),
		Tags: r.tags(p.get("Tags")),
		// Only AWS services make secrets that they own, and not by a template.
		OwningService: model.None[string](),
		ExternalType:  r.nonEmpty(p.get("Type")),
		// CloudFormation does not deploy a secret that waits for its deletion.
		DeletionAt: model.None[time.Time](), DeletionScheduled: model.Known(false),
		IsReplica: model.Known(false), ReplicaOf: model.None[string](),
		ValueInCode: r.inCode("SecretString", p.get("SecretString")),
	}
	r.replicas(body, p.get("ReplicaRegions"))
	body.PolicyFacts = r.policyOf(r.secretPolicies, res, func(block value) value { return block.get("ResourcePolicy") })
	key := r.keyAttributes(p.get("KmsKeyId"), secretAlias)
	// "If you don't specify this value, then Secrets Manager uses the key
	// aws/secretsmanager" (KmsKeyId).
	body.KMSKey, body.DefaultKey = key.name, key.isDefault
	refs := map[string]model.Value[model.ResourceID]{"key": key.ref, "primary": model.None[model.ResourceID]()}
	refs["rotation_function"] = r.rotation(res, body)
	out := r.emit(res, res.id, model.KindSecret, body.Name, body)
	for role, to := range refs {
		out.Ref(role, to)
	}
	if name, ok := body.Name.Get(); ok {
		out.Aka = append(out.Aka, name)
	}
}

// replicas reads ReplicaRegions. The template is deployed to the primary's region.
func (r *reader) replicas(body *model.Secret, v value) {
	list, why, ok := entries(v)
	if !ok {
		body.Replicas, body.PrimaryRegion = model.Missing[[]model.Replica](why), model.Missing[string](why)
		return
	}
	replicas := []model.Replica{}
	for _, item := range list {
		region, key := r.string(item.get("Region")), r.keyAttributes(item.get("KmsKeyId"), secretAlias)
		isDefault, decided := key.isDefault.Get()
		if _, known := region.Get(); !known || !decided {
			why := region.Why()
			if known {
				why = key.isDefault.Why()
			}
			body.Replicas = model.Missing[[]model.Replica](why)
			body.PrimaryRegion = r.home()
			return
		}
		one := model.Replica{Region: region.Or(""), DefaultKey: isDefault}
		if name, known := key.name.Get(); known {
			one.KMSKey = name
		} else if !isDefault {
			body.Replicas, body.PrimaryRegion = model.Missing[[]model.Replica](key.name.Why()), r.home()
			return
		}
		replicas = append(replicas, one)
	}
	slices.SortFunc(replicas, func(a, b model.Replica) int { return cmp.Compare(a.Region, b.Region) })
	body.Replicas, body.PrimaryRegion = model.Known(replicas), r.home()
	if len(replicas) == 0 {
		body.PrimaryRegion = model.None[string]()
	}
}

// home is the region that the template is deployed to.
func (r *reader) home() model.Value[string] {
	if r.o.Region == "" {
		return model.Missing[string](notInSource("the region that it is deployed to"))
	}
	return model.Known(r.o.Region)
}

// policyOf are the facts of the resource policy that blocks give.
func (r *reader) policyOf(blocks attached, res *resource, document func(value) value) model.PolicyFacts {
	list, doubt := blocks.of(res.id)
	switch {
	case doubt != nil:
		return iampolicy.Unreadable(*doubt)
	case len(list) == 0:
		return r.facts(policy{}, false)
	case len(list) > 1:
		return iampolicy.Unreadable(model.Unknown{Reason: model.ReasonUnresolved, Detail: "both " + list[0].id + " and " + list[1].id + " set the policy"})
	default:
		return r.facts(r.document(document(r.properties(list[0])), false), false)
	}
}
