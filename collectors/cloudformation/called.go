package cloudformation

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// qualifier is the version or alias by which a function is named. Each has a
// resource policy of its own (AddPermission, Qualifier). The zero value may be any.
type qualifier struct {
	none bool   // the function alone
	text string // where it is known
	of   string // else the version of the template, or the alias without a known name
}

// same says whether two qualifiers are one, as far as that can be told.
func (q qualifier) same(o qualifier) (same, sure bool) {
	switch {
	case q == qualifier{} || o == qualifier{}:
		return false, false
	case q.none || o.none || q.text != "" && o.text != "", q.of == o.of:
		return q == o, true
	default:
		return false, false
	}
}

func (q qualifier) value() model.Value[string] {
	switch {
	case q.none:
		return model.None[string]()
	case q.text != "":
		return model.Known(q.text)
	case q.of != "":
		return model.Missing[string](model.Unknown{Reason: model.ReasonAfterApply, Detail: "Ref " + q.of})
	default:
		return model.Missing[string](model.Unknown{Reason: model.ReasonUnresolved, Detail: "the version or alias of its rotation function"})
	}
}

func qualified(text string) qualifier { return qualifier{none: text == "", text: text} }

// qualifier is the version or alias behind the name of a function.
func (r *reader) qualifier(v value) qualifier {
	if v.form == formUnknown && len(v.either) > 0 {
		first := r.qualifier(v.either[0])
		for _, e := range v.either[1:] {
			if r.qualifier(e) != first {
				return qualifier{}
			}
		}
		return first
	}
	if v.form != formText {
		return qualifier{}
	}
	to := r.leads(v.text, functions())
	if to.id == "" {
		return r.qualifierIn(v.text)
	}
	alone := r.qualifierOf(to)
	if len(v.text) == 1 {
		return alone
	}
	if rest, known := v.text[1:].literal(); known && alone.none {
		return qualified(strings.TrimPrefix(rest, ":"))
	}
	return qualifier{}
}

// qualifierIn is the one in a name, partial ARN or ARN.
func (r *reader) qualifierIn(t text) qualifier {
	s, unresolved := r.standIn(t, "*")
	if unresolved != "" {
		return qualifier{}
	}
	if _, name, ok := strings.Cut(s, "function:"); ok {
		s = name
	}
	_, version, _ := strings.Cut(s, ":")
	return qualified(version)
}

// qualifierOf is the one in what a resource of the template returns.
func (r *reader) qualifierOf(to ref) qualifier {
	res := r.byID[to.id]
	if res == nil {
		return qualifier{}
	}
	switch res.kind + "." + to.attr {
	case "AWS::Lambda::Function.", "AWS::Lambda::Function.Arn", "AWS::Serverless::Function.", "AWS::Serverless::Function.Arn":
		return qualifier{none: true}
	case "AWS::Lambda::Alias.", "AWS::Lambda::Alias.AliasArn":
		if name, known := r.string(r.properties(res).get("Name")).Get(); known {
			return qualified(name)
		}
		return qualifier{of: to.id}
	case "AWS::Serverless::Function.Alias":
		if name, known := r.string(r.properties(res).get("AutoPublishAlias")).Get(); known && name != "" {
			return qualified(name)
		}
	case "AWS::Lambda::Version.", "AWS::Lambda::Version.FunctionArn":
		return qualifier{of: to.id}
	}
	return qualifier{}
}

// alias is the alias of a function that a qualifier means, nil if it is none of the
// template.
func (r *reader) alias(of string, as qualifier) *resource {
	for _, res := range r.resources {
		if res.kind != "AWS::Lambda::Alias" || res.exists != holds {
			continue
		}
		p := r.properties(res)
		name, known := r.string(p.get("Name")).Get()
		if res.id == as.of || known && name == as.text && r.target(p.get("FunctionName"), functions()).id == of {
			return res
		}
	}
	return nil
}

// versions fills what holds of the version or alias by which secrets name the
// function. One row cannot say what holds of each of several.
func (r *reader) versions(res *resource, body *model.Function, list []qualifier) {
	as, exist, current := list[0], true, true
	for _, q := range list {
		if same, _ := as.same(q); !same {
			as = qualifier{}
		}
		alias := r.alias(res.id, q)
		auto, _ := r.string(r.properties(res).get("AutoPublishAlias")).Get()
		exist = exist && (q.none || q.of != "" || alias != nil || q.text == auto)
		current = current && (q.none || alias != nil && r.latest(alias))
	}
	body.InvokeSources = r.invokeSources(res, &as)
	body.MissingQualifiers = model.Known([]string{})
	if !exist {
		body.MissingQualifiers = model.Missing[[]string](notInSource("whether the version or alias is there that secrets name"))
	}
	if !current {
		// A version keeps what the function was when it was published.
		why := notInSource("the configuration of the version or alias that secrets name")
		body.Runtime, body.TimeoutSeconds = model.Missing[string](why), model.Missing[int](why)
		if len(body.EnvCredentials.Or(nil)) == 0 {
			body.EnvCredentials = model.Missing[[]model.Credential](why)
		}
	}
}

// latest says whether an alias is of the function as the template says it.
func (r *reader) latest(alias *resource) bool {
	p := r.properties(alias)
	return r.string(p.get("FunctionVersion")).Or("") == "$LATEST" && p.get("RoutingConfig").form == formNothing
}
