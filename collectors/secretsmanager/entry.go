package secretsmanager

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// fromList fills all that ListSecrets carries.
func fromList(cell *collectors.Cell, s types.SecretListEntry) (*model.Resource, *model.Secret) {
	id := aws.ToString(s.ARN)
	body := &model.Secret{
		Name:              always(s.Name, "the name"),
		Tags:              model.Known(tags(s.Tags)),
		OwningService:     given(s.OwningService),
		ExternalType:      given(s.Type),
		CreatedAt:         always(utc(s.CreatedDate), "the time of creation"),
		LastChangedAt:     always(utc(s.LastChangedDate), "the time of the last change"),
		LastAccessedAt:    model.KnownOrNone(utc(s.LastAccessedDate)),
		LastRotatedAt:     model.KnownOrNone(utc(s.LastRotatedDate)),
		DeletionAt:        model.KnownOrNone(utc(s.DeletedDate)),
		DeletionScheduled: model.Known(s.DeletedDate != nil),
		PrimaryRegion:     given(s.PrimaryRegion),
		ValueInCode:       model.None[bool](),
	}
	fillVersions(body, s.SecretVersionsToStages)
	r := &model.Resource{ID: cell.ID(model.KindSecret, id), Name: body.Name.Or(id), Body: body}

	primary := aws.ToString(s.PrimaryRegion)
	replica := primary != "" && primary != cell.Region
	body.IsReplica, body.ReplicaOf = model.Known(replica), model.None[string]()
	r.Ref("account", model.Known(cell.AccountRow()))
	// What refers to nothing says so, and what follows may overwrite it.
	for _, role := range []string{"key", "primary", "rotation_function"} {
		r.Ref(role, model.None[model.ResourceID]())
	}
	if replica {
		// "The ARN for a replicated secret is the same as the primary secret
		// except for the Region" ("Replicate secrets across Regions").
		of := withRegion(id, primary)
		body.ReplicaOf = model.Known(of)
		r.Ref("primary", model.Known(model.ResourceID{Kind: model.KindSecret, Account: cell.Account, Region: primary, ID: of}))
	}

	fillKey(cell, r, body, aws.ToString(s.KmsKeyId))
	fillRotation(cell, r, body, s)
	return r, body
}

// fillVersions lists the versions that carry a staging label, ordered by id.
func fillVersions(body *model.Secret, stages map[string][]string) {
	list := make([]model.Version, 0, len(stages))
	pending, current := false, false
	for _, id := range slices.Sorted(maps.Keys(stages)) {
		labels := slices.Sorted(slices.Values(stages[id]))
		list = append(list, model.Version{ID: id, Stages: labels})
		isCurrent := slices.Contains(labels, "AWSCURRENT")
		current = current || isCurrent
		// A finished rotation may leave AWSPENDING on the current version.
		pending = pending || slices.Contains(labels, "AWSPENDING") && !isCurrent
	}
	body.Versions, body.PendingVersion, body.HasCurrentValue = model.Known(list), model.Known(pending), model.Known(current)
}

func tags(list []types.Tag) map[string]string {
	m := make(map[string]string, len(list))
	for _, t := range list {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return m
}

// always returns a value that every secret has.
func always[T any](v *T, what string) model.Value[T] {
	if v == nil {
		return model.Missing[T](left(what + " of a secret"))
	}
	return model.Known(*v)
}

// given returns a text that AWS leaves out, or leaves empty, where it does not
// apply.
func given(s *string) model.Value[string] {
	if aws.ToString(s) == "" {
		return model.None[string]()
	}
	return model.Known(*s)
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// withRegion returns the ARN of the same thing in another region.
func withRegion(text, region string) string {
	a, err := arn.Parse(text)
	if err != nil {
		return text
	}
	a.Region = region
	return a.String()
}
