package kms

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// emit adds what the aliases say and emits the key.
func (r *region) emit(k types.KeyListEntry, body *model.Key) error {
	id := aws.ToString(k.KeyId)
	res := &model.Resource{ID: r.cell.ID(model.KindKey, aws.ToString(k.KeyArn)), Name: id, Body: body}
	res.Ref("account", model.Known(r.cell.AccountRow()))
	if primary, ok := body.ReplicaOf.Get(); ok {
		res.Ref("primary", model.Known(r.cell.Key(primary)))
	}
	body.Aliases = model.Missing[[]string](r.aliases.Why())
	if byKey, ok := r.aliases.Get(); ok {
		names := make([]string, 0, len(byKey[id]))
		for _, a := range byKey[id] {
			names = append(names, aws.ToString(a.AliasName))
			res.Aka = append(res.Aka, aws.ToString(a.AliasArn))
		}
		slices.Sort(names)
		slices.Sort(res.Aka)
		if body.Aliases = model.Known(names); len(names) > 0 {
			res.Name = names[0]
		}
	}
	return r.cell.Emit(res)
}

// described fills what DescribeKey tells.
func described(m *types.KeyMetadata) *model.Key {
	k := &model.Key{
		KeyID:       text(aws.ToString(m.KeyId), "the id"),
		Manager:     text(string(m.KeyManager), "the manager"),
		State:       text(string(m.KeyState), "the state"),
		Spec:        text(string(m.KeySpec), "the spec"),
		Usage:       text(string(m.KeyUsage), "the usage"),
		Origin:      text(string(m.Origin), "the origin"),
		CreatedAt:   model.Missing[time.Time](left("the time of creation of a key")),
		MultiRegion: model.Known(aws.ToBool(m.MultiRegion)),
		Replica:     model.Known(false),
		ReplicaOf:   model.None[string](),
		DeletionAt:  model.None[time.Time](),
		// "This value is present only for KMS keys whose Origin is EXTERNAL and the
		// ExpirationModel is KEY_MATERIAL_EXPIRES, otherwise this value is omitted."
		MaterialExpiresAt: model.None[time.Time](),
	}
	if m.ValidTo != nil {
		k.MaterialExpiresAt = model.Known(m.ValidTo.UTC())
	}
	if m.CreationDate != nil {
		k.CreatedAt = model.Known(m.CreationDate.UTC())
	}
	// "This field is present only when the value of the MultiRegion field is True."
	if c := m.MultiRegionConfiguration; c != nil {
		k.MultiRegion = model.Known(true)
		k.Replica = model.Known(c.MultiRegionKeyType == types.MultiRegionKeyTypeReplica)
		// "This field includes the current KMS key if it is the primary key":
		// the ARN decides, since stand-ins for AWS share one configuration
		// between the primary and its replicas.
		if c.PrimaryKey != nil && aws.ToString(c.PrimaryKey.Arn) != "" {
			k.Replica = model.Known(aws.ToString(c.PrimaryKey.Arn) != aws.ToString(m.Arn))
		}
		if k.Replica.Or(false) {
			k.ReplicaOf = model.Missing[string](left("the primary of a replica key"))
			if c.PrimaryKey != nil && aws.ToString(c.PrimaryKey.Arn) != "" {
				k.ReplicaOf = model.Known(*c.PrimaryKey.Arn)
			}
		}
	}
	switch {
	case m.DeletionDate != nil:
		k.DeletionAt = model.Known(m.DeletionDate.UTC())
	case m.KeyState == types.KeyStatePendingReplicaDeletion:
		// "The waiting period doesn't begin until all of its replica keys are deleted."
		k.DeletionAt = model.Missing[time.Time](model.Unknown{
			Reason: model.ReasonNotInSource, Action: describeKey, Detail: "KMS sets the date when the last replica key is deleted",
		})
	}
	return k
}

// managed fills what holds of every key that AWS manages. Nobody but AWS can
// change, tag or share one, so that its policy and grants are not read.
func managed(k *model.Key) {
	k.Tags = model.Known(map[string]string{})
	k.PolicyFacts = model.PolicyFacts{
		PolicyPresent:    model.None[bool](),
		PolicyPublic:     model.None[bool](),
		PolicyStatements: model.None[[]model.PolicyStatement](),
		OutsideAccounts:  model.None[[]string](),
		Outsiders:        model.None[[]model.Outsider](),
		Networks:         model.None[[]string](),
	}
	k.GrantCount, k.GrantOutside, k.GrantOutsiders = model.None[int](), model.None[[]string](), model.None[[]model.Outsider]()
	// "KMS always rotates the key material in AWS managed KMS keys every year.
	// The key rotation status is always true" (GetKeyRotationStatus).
	k.RotationEnabled, k.RotationPeriodDays = model.Known(true), model.Known(yearly)
	untold := model.Unknown{Reason: model.ReasonNotInSource, Detail: "KMS gives no dates for keys that AWS manages"}
	k.LastRotatedAt, k.NextRotationAt = model.Missing[time.Time](untold), model.Missing[time.Time](untold)
}

const yearly = 365

// hidden is a key of which nothing could be read.
func hidden(why model.Unknown) *model.Key {
	text, yes, at, count := model.Missing[string](why), model.Missing[bool](why), model.Missing[time.Time](why), model.Missing[int](why)
	return &model.Key{
		KeyID: text, Manager: text, State: text, Spec: text, Usage: text, Origin: text,
		MultiRegion: yes, Replica: yes, ReplicaOf: text, CreatedAt: at, DeletionAt: at, MaterialExpiresAt: at, Tags: model.Missing[map[string]string](why),
		RotationEnabled: yes, RotationPeriodDays: count, LastRotatedAt: at, NextRotationAt: at,
		PolicyFacts: iampolicy.Unreadable(why), GrantCount: count, GrantOutside: model.Missing[[]string](why), GrantOutsiders: model.Missing[[]model.Outsider](why),
	}
}

func text(s, what string) model.Value[string] {
	if s == "" {
		return model.Missing[string](left(what + " of a key"))
	}
	return model.Known(s)
}

// left is why something is unknown that AWS should have said and did not.
func left(what string) model.Unknown {
	return model.Unknown{Reason: model.ReasonFailed, Action: describeKey, Detail: "AWS left out " + what}
}
