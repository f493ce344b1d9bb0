package events

import (
	"encoding/json"

	"github.com/keyproof/keyproof/model"
)

// request reads what the call was about and what of it can matter. Nothing else
// of the request is kept: see model.Event.
func (d *decoder) request(e *model.Event) {
	request, shown := d.object("requestParameters")
	e.Targets = d.targets(request, shown, e)
	r := &e.Request
	if !shown {
		// A service's own event has no request; anything else has one that is not shown.
		if kind, ok := e.Type.Get(); ok && kind == "AwsServiceEvent" {
			*r = absentRequest()
		} else {
			*r = hiddenRequest()
		}
		return
	}
	q := decoder{m: request}
	r.ForceDelete = first(q.boolean, "forceDeleteWithoutRecovery")
	r.RecoveryDays = first(q.integer, "recoveryWindowInDays", "pendingWindowInDays")
	r.Policy = first(q.document, "resourcePolicy", "policy", "bucketPolicy")
	r.BlockPublic = first(q.boolean, "blockPublicPolicy")
	r.Key = first(q.text, "kmsKeyId", "masterUserSecretKmsKeyId", "targetKeyId")
	r.ParameterType = model.None[string]()
	if e.Source == "ssm.amazonaws.com" && e.Name == "PutParameter" {
		r.ParameterType = first(q.text, "type")
	}
	r.Grantee = first(q.text, "granteePrincipal")
	r.ReplicaRegions = q.regions()
	r.MultiRegion = first(q.boolean, "isMultiRegionTrail", "multiRegionEnabled")
	r.Validation = first(q.boolean, "enableLogFileValidation")
	r.Bucket = first(q.text, "s3BucketName", "bucketName")
	// What is of another type than documented is unknown, with that reason, and no
	// cause to lose the record: services change their requests.
}

// first is the value of the first of some members that the request has.
func first[T any](read func(string) model.Value[T], names ...string) model.Value[T] {
	for _, name := range names {
		if v := read(name); v.State() == model.StateKnown || v.Why().Reason != model.ReasonNotInSource {
			return v
		}
	}
	return model.None[T]()
}

func (d *decoder) integer(name string) model.Value[int] { return take[int](d, name, "a whole number") }

// document is a policy: text that is JSON, or an object.
func (d *decoder) document(name string) model.Value[string] {
	if raw, ok := d.m[name]; ok && len(raw) > 0 && raw[0] == '{' {
		return model.Known(string(raw))
	}
	return d.text(name)
}

// regions are those of ReplicateSecretToRegions, CreateSecret and
// RemoveRegionsFromReplication, and the one of ReplicateKey.
func (d *decoder) regions() model.Value[[]string] {
	switch {
	case d.has("addReplicaRegions"):
		var list []struct {
			Region string `json:"region"`
		}
		if json.Unmarshal(d.m["addReplicaRegions"], &list) != nil {
			return model.Missing[[]string](model.Unknown{Reason: model.ReasonFailed, Detail: "addReplicaRegions is not a list of regions"})
		}
		names := make([]string, len(list))
		for i, r := range list {
			names[i] = r.Region
		}
		return model.Known(names)
	case d.has("removeReplicaRegions"):
		return take[[]string](d, "removeReplicaRegions", "a list of regions")
	case d.has("replicaRegion"):
		if name, ok := d.text("replicaRegion").Get(); ok {
			return model.Known([]string{name})
		}
		return model.Missing[[]string](model.Unknown{Reason: model.ReasonFailed, Detail: "replicaRegion is not text"})
	}
	return model.None[[]string]()
}

func absentRequest() model.EventRequest {
	return model.EventRequest{
		ForceDelete: model.None[bool](), RecoveryDays: model.None[int](), Policy: model.None[string](), BlockPublic: model.None[bool](),
		Key: model.None[string](), ParameterType: model.None[string](), Grantee: model.None[string](), ReplicaRegions: model.None[[]string](),
		MultiRegion: model.None[bool](), Validation: model.None[bool](), Bucket: model.None[string](),
	}
}

func hiddenRequest() model.EventRequest {
	const name = "requestParameters"
	text, flag := notThere[string](name), notThere[bool](name)
	return model.EventRequest{
		ForceDelete: flag, RecoveryDays: notThere[int](name), Policy: text, BlockPublic: flag, Key: text, ParameterType: text,
		Grantee: text, ReplicaRegions: notThere[[]string](name), MultiRegion: flag, Validation: flag, Bucket: text,
	}
}
