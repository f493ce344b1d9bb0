package cloudformation

import (
	"strings"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// qualifier is the version or alias by which a function is named; Of is the logical
// id of the version, or of the alias without a known name.
type qualifier = collectors.CodeQualifier[string]

func qualified(text string) qualifier { return collectors.Qualified[string](text) }

// qualifierValue is a qualifier as an attribute of a secret.
func qualifierValue(q qualifier) model.Value[string] {
	if q.Of != "" {
		return q.Value(model.Unknown{Reason: model.ReasonAfterApply, Detail: "Ref " + q.Of})
	}
	return q.Value(model.Unknown{Reason: model.ReasonUnresolved, Detail: "the version or alias of its rotation function"})
}

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
	if rest, known := v.text[1:].literal(); known && alone.None {
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
		return qualifier{None: true}
	case "AWS::Lambda::Alias.", "AWS::Lambda::Alias.AliasArn":
		if name, known := r.string(r.properties(res).get("Name")).Get(); known {
			return qualified(name)
		}
		return qualifier{Of: to.id}
	case "AWS::Serverless::Function.Alias":
		if name, known := r.string(r.properties(res).get("AutoPublishAlias")).Get(); known && name != "" {
			return qualified(name)
		}
	case "AWS::Lambda::Version.", "AWS::Lambda::Version.FunctionArn":
		return qualifier{Of: to.id}
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
		if res.id == as.Of || known && name == as.Text && r.target(p.get("FunctionName"), functions()).id == of {
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
		if same, _ := as.Same(q); !same {
			as = qualifier{}
		}
		alias := r.alias(res.id, q)
		auto, _ := r.string(r.properties(res).get("AutoPublishAlias")).Get()
		exist = exist && (q.None || q.Of != "" || alias != nil || q.Text == auto)
		current = current && (q.None || alias != nil && r.latest(alias))
	}
	body.InvokeSources = r.invokeSources(res, &as)
	collectors.FillVersions(body, exist, current)
}

// latest says whether an alias is of the function as the template says it.
func (r *reader) latest(alias *resource) bool {
	p := r.properties(alias)
	return r.string(p.get("FunctionVersion")).Or("") == "$LATEST" && p.get("RoutingConfig").form == formNothing
}
