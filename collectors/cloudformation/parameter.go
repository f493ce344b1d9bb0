package cloudformation

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// ssmParameter reads AWS::SSM::Parameter. "Parameters of type SecureString are not
// supported by CloudFormation" (Template Reference).
func (r *reader) ssmParameter(res *resource) {
	p := r.properties(res)
	body := &model.Parameter{
		Name: r.must(p.get("Name"), "a name that CloudFormation makes up"),
		Type: r.string(p.get("Type")),
		// "Parameter Store offers a standard tier" as the default, and "text" as
		// the default data type (PutParameter, Tier and DataType).
		Tier:     r.withDefault(p.get("Tier"), "Standard"),
		DataType: r.withDefault(p.get("DataType"), "text"),
		Tags:     r.tags(p.get("Tags")),
		KMSKey:   model.None[string](), DefaultKey: model.None[bool](),
	}
	name := body.Name.Or(res.id)
	body.Credentials = r.classify(name, p.get("Value"))
	if body.DataType.Or("") == "aws:ec2:image" {
		body.Credentials = model.Known([]model.Credential{}) // AWS verifies that it is an image's id
	}
	if body.Type.Or("") == "SecureString" {
		why := model.Unknown{Reason: model.ReasonUnresolved, Detail: "CloudFormation makes no SecureString parameters"}
		body.KMSKey, body.DefaultKey = model.Missing[string](why), model.Missing[bool](why)
	}
	body.PolicyFacts = collectors.CodeSharing(r.nonEmpty(p.get("Tier")), notInSource("whom a parameter that may be shared is shared with is not in the template"))
	body.Policies, body.ExpiresAt = r.parameterPolicies(p.get("Policies"))
	out := r.emit(res, res.id, model.KindParameter, body.Name, body)
	out.Ref("key", model.None[model.ResourceID]())
	if known, ok := body.Name.Get(); ok {
		out.Aka = append(out.Aka, known)
	}
}

// parameterPolicies reads Policies, a list in JSON as a text (Systems Manager User
// Guide, "Assigning parameter policies").
func (r *reader) parameterPolicies(v value) (model.Value[[]string], model.Value[time.Time]) {
	text := r.nonEmpty(v)
	s, ok := text.Get()
	switch {
	case text.State() == model.StateAbsent:
		return model.Known([]string{}), model.None[time.Time]()
	case !ok:
		return model.Missing[[]string](text.Why()), model.Missing[time.Time](text.Why())
	}
	var list []struct {
		Type       string
		Attributes struct{ Timestamp time.Time }
	}
	if !strings.HasPrefix(strings.TrimSpace(s), "[") {
		s = "[" + s + "]"
	}
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		why := model.Unknown{Reason: model.ReasonFailed, Detail: "the policies of the parameter are not valid JSON"}
		return model.Missing[[]string](why), model.Missing[time.Time](why)
	}
	kinds, expires := []string{}, model.None[time.Time]()
	for _, p := range list {
		kinds = append(kinds, p.Type)
		if p.Type == "Expiration" && !p.Attributes.Timestamp.IsZero() {
			expires = model.Known(p.Attributes.Timestamp.UTC())
		}
	}
	slices.Sort(kinds)
	return model.Known(kinds), expires
}
