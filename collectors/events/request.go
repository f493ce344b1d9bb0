package events

import (
	"encoding/json"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// request reads what the call was about and what of it can matter. Nothing else
// of the request is kept: see model.Event.
func (d *decoder) request(e *model.Event) {
	request, shown := d.object("requestParameters")
	// What is too large CloudTrail leaves out, with a note in its place: "If a field is
	// truncated, omitted is present with a value of true" ("CloudTrail record contents").
	if omitted, _ := (&decoder{m: request}).boolean("omitted").Get(); omitted {
		request, shown = nil, false
	}
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
	q.changes(e)
	r.Policy = first(q.document, "resourcePolicy", "policy", "bucketPolicy")
	r.BlockPublic = first(q.boolean, "blockPublicPolicy")
	r.Key = first(q.optional, "kmsKeyId", "masterUserSecretKmsKeyId", "targetKeyId")
	r.ParameterType = model.None[string]()
	if e.Source == "ssm.amazonaws.com" && e.Name == "PutParameter" {
		r.ParameterType = first(q.optional, "type")
	}
	r.Grantee = first(q.optional, "granteePrincipal")
	if e.Source == "lambda.amazonaws.com" {
		r.Grantee = first(q.optional, "principal") // of AddPermission
		// With an organization, everyone is everyone of it ("AddPermission", API Reference).
		if organization := q.optional("principalOrgID"); organization.State() != model.StateAbsent && r.Grantee.Or("") == "*" {
			r.Grantee = organization
		}
	}
	r.ReplicaRegions = q.regions()
	r.MultiRegion = first(q.boolean, "isMultiRegionTrail", "multiRegionEnabled")
	r.Organization = first(q.boolean, "isOrganizationTrail", "organizationEnabled")
	r.GlobalEvents = first(q.boolean, "includeGlobalServiceEvents")
	r.Validation = first(q.boolean, "enableLogFileValidation")
	r.Bucket = first(q.optional, "s3BucketName", "bucketName")
	r.NewValue = d.newValue(&q, e)
	r.Decryption = model.None[bool]()
	if e.Source == "ssm.amazonaws.com" && strings.HasPrefix(e.Name, "GetParameter") {
		// Without the member SecureStrings stay encrypted ("GetParameter", API Reference).
		if r.Decryption = q.boolean("withDecryption"); r.Decryption.State() == model.StateAbsent {
			r.Decryption = model.Known(false)
		}
	}
	r.Recursive = first(q.boolean, "recursive")
	// What is of another type than documented is unknown, with that reason, and no
	// cause to lose the record: services change their requests.
}

// requestMembers are the members of a request that are read above.
func requestMembers() []string {
	return []string{
		"forceDeleteWithoutRecovery", "recoveryWindowInDays", "pendingWindowInDays", "resourcePolicy", "policy", "bucketPolicy",
		"blockPublicPolicy", "kmsKeyId", "masterUserSecretKmsKeyId", "targetKeyId", "type", "granteePrincipal",
		"addReplicaRegions", "replicaRegion", "removeReplicaRegions", "isMultiRegionTrail", "multiRegionEnabled",
		"enableLogFileValidation", "s3BucketName", "bucketName", "versionStages", "versionStage", "moveToVersionId", "recursive",
		"overwrite", "role", "principal", "manageMasterUserPassword", "eventSelectors", "advancedEventSelectors", "omitted",
		"isOrganizationTrail", "organizationEnabled", "includeGlobalServiceEvents", "withDecryption", "principalOrgID",
	}
}

// givenMembers are the members of a request of which it counts only that they are
// there.
func givenMembers() []string { return []string{"secretString", "secretBinary", "masterUserPassword"} }

// first is the value of the first of some members that the request has.
func first[T any](read func(string) model.Value[T], names ...string) model.Value[T] {
	for _, name := range names {
		if v := read(name); v.State() != model.StateAbsent {
			return v
		}
	}
	return model.None[T]()
}

func (d *decoder) integer(name string) model.Value[int] { return take[int](d, name, "a whole number") }

// document is a policy: text that is JSON, or an object.
func (d *decoder) document(name string) model.Value[string] {
	if raw, ok := d.m.get(name); ok && raw[0] == '{' {
		return model.Known(string(raw))
	}
	return d.optional(name)
}

// regions are those of ReplicateSecretToRegions, CreateSecret and
// RemoveRegionsFromReplication, and the one of ReplicateKey.
func (d *decoder) regions() model.Value[[]string] {
	if raw, ok := d.m.get("addReplicaRegions"); ok {
		var list []struct {
			Region string `json:"region"`
		}
		if json.Unmarshal(raw, &list) != nil {
			return strange[[]string](d, "addReplicaRegions", "a list of regions")
		}
		names := make([]string, len(list))
		for i, r := range list {
			names[i] = r.Region
		}
		return model.Known(names)
	}
	one := d.optional("replicaRegion")
	if name, ok := one.Get(); ok {
		return model.Known([]string{name})
	} else if one.State() == model.StateUnknown {
		return model.Missing[[]string](one.Why())
	}
	return take[[]string](d, "removeReplicaRegions", "a list of regions")
}

func absentRequest() model.EventRequest {
	return model.EventRequest{
		PolicyPublic: model.None[bool](), PolicyAccounts: model.None[[]string](), PolicyNetworks: model.None[[]string](), Overwrite: model.None[bool](), Role: model.None[string](),
		MasterPassword: model.None[bool](), ManagedSecret: model.None[bool](), Management: model.None[string](), Excluded: model.None[[]string](),
		ForceDelete: model.None[bool](), RecoveryDays: model.None[int](), Policy: model.None[string](), BlockPublic: model.None[bool](),
		Key: model.None[string](), ParameterType: model.None[string](), Grantee: model.None[string](), ReplicaRegions: model.None[[]string](),
		MultiRegion: model.None[bool](), Organization: model.None[bool](), GlobalEvents: model.None[bool](), Validation: model.None[bool](), Bucket: model.None[string](),
		NewValue: model.None[bool](), Decryption: model.None[bool](), Recursive: model.None[bool](),
	}
}

func hiddenRequest() model.EventRequest {
	const name = "requestParameters"
	text, flag := notThere[string](name), notThere[bool](name)
	return model.EventRequest{
		PolicyPublic: flag, PolicyAccounts: notThere[[]string](name), PolicyNetworks: notThere[[]string](name), Overwrite: flag, Role: text,
		MasterPassword: flag, ManagedSecret: flag, Management: text, Excluded: notThere[[]string](name),
		ForceDelete: flag, RecoveryDays: notThere[int](name), Policy: text, BlockPublic: flag, Key: text, ParameterType: text,
		Grantee: text, ReplicaRegions: notThere[[]string](name), MultiRegion: flag, Organization: flag, GlobalEvents: flag, Validation: flag, Bucket: text,
		NewValue: flag, Decryption: flag, Recursive: flag,
	}
}
