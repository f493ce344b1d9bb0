package cloudformation

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// target is what a block is about: a resource of the template by its logical
// id, something that is certainly not in it, or, when both are empty, anything.
type target struct {
	id        string
	elsewhere bool
	arn       string // of what is elsewhere, or its name; empty when not known
	why       model.Unknown
}

// passes are types whose Ref, or whose Id, is that of the resource that a
// property names: the ARN of the secret, the ARN of the function.
func passes(kind string) string {
	switch kind {
	case "AWS::SecretsManager::SecretTargetAttachment", "AWS::SecretsManager::RotationSchedule", "AWS::SecretsManager::ResourcePolicy":
		return "SecretId"
	case "AWS::Lambda::Alias", "AWS::Lambda::Version":
		return "FunctionName"
	case "AWS::KMS::Alias":
		return "TargetKeyId"
	case "AWS::Lambda::Url":
		return "TargetFunctionArn"
	case "AWS::S3::BucketPolicy":
		return "Bucket"
	default:
		return ""
	}
}

// target finds what a value names.
func (r *reader) target(v value, of family) target {
	if r.depth > maxDepth {
		return target{}
	}
	r.depth++
	defer func() { r.depth-- }()
	if v.form == formUnknown && len(v.either) > 0 {
		first := r.target(v.either[0], of)
		for _, e := range v.either[1:] {
			if r.target(e, of) != first {
				return target{why: v.reason()}
			}
		}
		return first
	}
	if v.form != formText {
		// A stack cannot import what it exports itself.
		return target{elsewhere: v.why == "Fn::ImportValue", why: v.reason()}
	}
	if to := r.leads(v.text, of); to.id != "" {
		return r.follow(to, v, of)
	}
	return r.named(v, of)
}

// leads returns the resource that a text names: a reference alone, or one with
// the qualifier of a function behind it.
func (r *reader) leads(t text, of family) ref {
	if to, ok := t.single(); ok {
		return to
	}
	if of.kind == model.KindFunction && len(t) > 1 && t[0].ref.id != "" && strings.HasPrefix(t[1].lit, ":") {
		return t[0].ref
	}
	return ref{}
}

func (r *reader) follow(to ref, v value, of family) target {
	res := r.byID[to.id]
	switch property := passes(res.kind); {
	case slices.Contains(of.types, res.kind):
		return target{id: to.id}
	case property != "":
		return r.target(r.properties(res).get(property), of)
	case strings.HasPrefix(to.attr, "MasterUserSecret"):
		return target{elsewhere: true, why: v.reason()} // RDS makes and keeps it
	case res.kind == "AWS::Serverless::Application", res.kind == "AWS::CloudFormation::Stack":
		return target{elsewhere: true, why: model.Unknown{Reason: model.ReasonUnresolved, Detail: to.String() + ", of another template"}}
	default:
		// The id or ARN of something else is certainly none of the family's; what
		// other attributes hold is less certain.
		return target{elsewhere: r.fixed(to) && (to.attr == "" || to.attr == "Arn"), why: v.reason()}
	}
}

// named finds the resource of the template that has the name in a text.
func (r *reader) named(v value, of family) target {
	s, unresolved := r.standIn(v.text, "*")
	if unresolved != "" || strings.TrimSpace(s) == "" {
		return target{why: v.reason()}
	}
	name := s
	if _, after, ok := strings.Cut(s, of.mark); ok && strings.HasPrefix(s, "arn:") {
		name = after
	}
	if of.kind == model.KindFunction {
		name, _, _ = strings.Cut(name, ":") // a qualifier
	}
	if of.kind == model.KindPrincipal || of.kind == model.KindIAMPolicy {
		name = name[strings.LastIndex(name, "/")+1:]
	}
	out := target{elsewhere: true, why: v.reason()}
	if lit, ok := v.text.literal(); ok {
		out.arn = lit
	}
	x := r.index(of)
	if id := x.byName[strings.ToLower(name)]; id != "" {
		return target{id: id}
	}
	// The ARN of a secret ends in a hyphen and six characters.
	if cut := len(name) - len("-AbCdEf"); of.kind == model.KindSecret && cut > 0 && name[cut] == '-' {
		if id := x.byName[strings.ToLower(name[:cut])]; id != "" {
			return target{id: id}
		}
	}
	if x.open != nil {
		return target{why: *x.open}
	}
	return out
}

func (r *reader) index(of family) *index {
	if x := r.indexes[of.types[0]]; x != nil {
		return x
	}
	x := &index{byName: map[string]string{}}
	for _, res := range r.resources {
		if !slices.Contains(of.types, res.kind) {
			continue
		}
		own := r.physical(ref{id: res.id})
		switch name, known := own.text.literal(); {
		case own.form == formNothing: // AWS makes the name up
		case known:
			x.byName[strings.ToLower(name)] = res.id
		default:
			why := own.reason()
			x.open = &why
		}
	}
	r.indexes[of.types[0]] = x
	return x
}

// reference is the target as a resource of the model.
func (r *reader) reference(t target, of family) model.Value[model.ResourceID] {
	switch {
	case t.id != "":
		return model.Known(r.id(of.kind, t.id))
	case t.elsewhere && t.arn != "":
		id := model.ResourceID{Kind: of.kind, Account: r.o.Account, Region: r.o.Region, ID: t.arn}
		if p := strings.SplitN(t.arn, ":", 6); len(p) == 6 && p[0] == "arn" {
			id.Region, id.Account = p[3], p[4]
		}
		return model.Known(id)
	case t.why == (model.Unknown{}):
		return model.Missing[model.ResourceID](model.Unknown{Reason: model.ReasonUnresolved, Detail: "an empty name"})
	default:
		return model.Missing[model.ResourceID](t.why)
	}
}

// refers says that a property names a resource of the template, so that it is
// there although nobody knows the name yet. Where it does not, the name itself
// says whether it is there.
func (r *reader) refers(v value) model.Value[bool] {
	if v.form == formText {
		if to, ok := v.text.single(); ok && r.byID[to.id] != nil {
			return model.Known(true)
		}
	}
	return model.Value[bool]{}
}

// id is the ID of a resource of the template.
func (r *reader) id(kind model.Kind, logical string) model.ResourceID {
	id := model.ResourceID{Kind: kind, Account: r.o.Account, Region: r.o.Region, ID: logical}
	if kind.Global() {
		id.Region = model.RegionGlobal
	}
	return id
}
