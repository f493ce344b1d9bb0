package terraform

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

func (b *builder) secret(from *block) *model.Resource {
	body := &model.Secret{
		Name:         from.named(),
		Tags:         from.tags(),
		ExternalType: from.get("type").text(model.None[string]()), // version 6 of the provider
		// Nobody but an AWS service itself makes a secret of its own.
		OwningService: model.None[string](),
		IsReplica:     model.Known(false),
		ReplicaOf:     model.None[string](),
		// A secret that waits for its deletion the provider takes for gone.
		DeletionAt: model.None[time.Time](), DeletionScheduled: model.Known(false),
	}
	key := b.keyOf(from, from.get("kms_key_id"), from.config.Get("expressions.kms_key_id"), "alias/aws/secretsmanager")
	body.KMSKey, body.DefaultKey = key.name, key.standard
	if standard, _ := key.standard.Get(); standard {
		body.KMSKey = model.None[string]()
	}
	function := b.rotation(from, body)
	body.PolicyFacts = b.secretPolicy(from)
	body.Replicas = b.replicas(from)
	body.PrimaryRegion = primaryRegion(from, body.Replicas)
	body.ValueInCode = b.valueInCode(from)
	r := b.resource(from, model.KindSecret, body.Name, body)
	r.Ref("key", key.ref)
	r.Ref("rotation_function", function)
	r.Ref("primary", model.None[model.ResourceID]())
	return r
}

// named is the name of a resource, which the provider makes up from name_prefix
// or from nothing.
func (b *block) named() model.Value[string] {
	return b.values.get("name").text(model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply}))
}

func primaryRegion(from *block, replicas model.Value[[]model.Replica]) model.Value[string] {
	list, ok := replicas.Get()
	switch region := from.place().region; {
	case !ok:
		return model.Missing[string](replicas.Why())
	case len(list) == 0:
		return model.None[string]()
	case region == "":
		return model.Missing[string](notInSource("the region of the provider is not in the plan"))
	default:
		return model.Known(region)
	}
}

// replicas are those of the blocks "replica". Without KmsKeyId "Secrets Manager
// uses the default key aws/secretsmanager" of the region (ReplicaRegionType).
func (b *builder) replicas(from *block) model.Value[[]model.Replica] {
	a := from.get("replica")
	if s := a.state(); s == later || s == hidden {
		return model.Missing[[]model.Replica](a.why())
	}
	list := []model.Replica{}
	expressions := from.config.Get("expressions.replica").Array()
	for _, e := range a.list() {
		region, ok := e.get("region").text(model.None[string]()).Get()
		if !ok {
			return model.Missing[[]model.Replica](model.Unknown{Reason: model.ReasonAfterApply, Detail: "the region of a replica"})
		}
		replica := model.Replica{Region: region}
		key := e.get("kms_key_id")
		name, known := key.text(model.None[string]()).Get()
		switch {
		case key.state() == unset, known && isDefault(name, "alias/aws/secretsmanager"):
			replica.DefaultKey = true
		case known:
			replica.KMSKey = name
		case len(expressions) > 0 && !slices.ContainsFunc(expressions, func(e gjson.Result) bool { return e.Get("kms_key_id").Exists() }):
			// The elements of a set are in another order than the blocks, so that only
			// what no block says is said of none.
			replica.DefaultKey = true
		default:
			return model.Missing[[]model.Replica](model.Unknown{Reason: model.ReasonAfterApply, Detail: "the key of the replica in " + region})
		}
		list = append(list, replica)
	}
	slices.SortFunc(list, func(a, b model.Replica) int { return cmp.Compare(a.Region, b.Region) })
	return model.Known(list)
}

// isDefault says whether a key is the one that AWS takes when none is named.
func isDefault(name, alias string) bool {
	return name == alias || strings.HasPrefix(name, "arn:") && strings.HasSuffix(name, ":"+alias)
}
