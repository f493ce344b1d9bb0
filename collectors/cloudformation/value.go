package cloudformation

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// form is what sort of value a part of a template is.
type form uint8

const (
	formUnknown form = iota // nobody can say: the zero value
	formNothing             // left out, null or AWS::NoValue
	formText                // a text, number or boolean
	formList
	formObject
)

// value is a part of a template, evaluated as far as it can be.
type value struct {
	form   form
	line   int
	text   text
	list   []value
	object *object
	// why is the expression that could not be resolved; of formUnknown.
	why string
	// either are the values of which it is one, where a condition decides that
	// nobody can decide; of formUnknown.
	either []value
}

// object is a mapping. Names are in the order of the template.
type object struct {
	names   []string
	members map[string]value
	// open says why it may have members that do not stand here; else empty.
	open string
}

func unknown(why string) value { return value{why: why} }

func nothing() value { return value{form: formNothing} }

func literal(s string) value { return value{form: formText, text: text{{lit: s}}} }

// get returns a member of an object: nothing when it is left out. A name in other
// letters than AWS writes it counts: IAM does not mind, and CloudFormation refuses
// the template rather than to leave the property out.
func (v value) get(name string) value {
	switch v.form {
	case formObject:
		if m, ok := v.object.members[name]; ok {
			return m
		}
		for _, other := range v.object.names {
			if strings.EqualFold(other, name) {
				return v.object.members[other]
			}
		}
		if v.object.open != "" {
			return unknown(v.object.open)
		}
		return nothing()
	case formUnknown:
		if len(v.either) == 0 {
			return v
		}
		out := value{why: v.why}
		for _, e := range v.either {
			out.either = append(out.either, e.get(name))
		}
		return out.settled()
	default:
		return nothing()
	}
}

// path follows several names.
func (v value) path(names ...string) value {
	for _, name := range names {
		v = v.get(name)
	}
	return v
}

// given says whether there is something: unknown counts, since it may be.
func (v value) given() bool { return v.form != formNothing }

// settled is the one value when all branches are the same.
func (v value) settled() value {
	for _, e := range v.either[min(1, len(v.either)):] {
		if !same(v.either[0], e) {
			return v
		}
	}
	if len(v.either) == 0 || v.either[0].form == formUnknown {
		return v
	}
	return v.either[0]
}

// same says whether two values are certainly the same.
func same(a, b value) bool {
	if a.form != b.form {
		return false
	}
	switch a.form {
	case formNothing:
		return true
	case formText:
		return a.text.known() && slices.Equal(a.text, b.text)
	case formList:
		return slices.EqualFunc(a.list, b.list, same)
	case formObject:
		if a.object.open != "" || b.object.open != "" || len(a.object.names) != len(b.object.names) {
			return false
		}
		for _, name := range a.object.names {
			if m, ok := b.object.members[name]; !ok || !same(a.object.members[name], m) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// text is a text in parts, most often one.
type text []part

// part is a piece of a text. One of its members says what it is.
type part struct {
	lit string
	// outside says of lit that it was handed in as a parameter: the template
	// does not have it.
	outside bool
	pseudo  string // a pseudo parameter that nobody gave, such as AWS::AccountId
	ref     ref    // something of a resource of the template
	// dynamic is the service of a dynamic reference, {{resolve:SERVICE:…}}, and
	// secret the resource of the template that it names.
	dynamic string
	secret  ref
	name    string // what the dynamic reference names, where that is a literal
	why     string // an expression that cannot be resolved
}

// ref is a reference to a resource of the template; attr is empty for Ref.
type ref struct{ id, attr string }

func (r ref) String() string {
	if r.attr == "" {
		return "Ref " + r.id
	}
	return "Fn::GetAtt " + r.id + "." + r.attr
}

// known says whether the parts are certain to be the same wherever the same
// parts stand.
func (t text) known() bool {
	return !slices.ContainsFunc(t, func(p part) bool { return p.why != "" })
}

// literal is the text when all of it is known. What is no text has no parts, and
// is none; an empty text has an empty part.
func (t text) literal() (string, bool) {
	switch {
	case len(t) == 0:
		return "", false
	case len(t) == 1 && t[0].isLiteral():
		return t[0].lit, true
	}
	var b strings.Builder
	for _, p := range t {
		if !p.isLiteral() {
			return "", false
		}
		b.WriteString(p.lit)
	}
	return b.String(), true
}

func (p part) isLiteral() bool {
	return p.pseudo == "" && p.ref.id == "" && p.dynamic == "" && p.why == ""
}

// single is the reference when the text is nothing else.
func (t text) single() (ref, bool) {
	if len(t) == 1 && t[0].ref.id != "" {
		return t[0].ref, true
	}
	return ref{}, false
}

// unresolved says why the text is not known.
func (t text) unresolved() model.Unknown {
	for _, p := range t {
		switch {
		case p.why != "":
			return model.Unknown{Reason: model.ReasonUnresolved, Detail: p.why}
		case p.dynamic != "":
			return model.Unknown{Reason: model.ReasonUnresolved, Detail: "{{resolve:" + p.dynamic + "}}"}
		case p.pseudo != "":
			return model.Unknown{Reason: model.ReasonUnresolved, Detail: "Ref " + p.pseudo}
		}
	}
	for _, p := range t {
		if p.ref.id != "" {
			return model.Unknown{Reason: model.ReasonAfterApply, Detail: p.ref.String()}
		}
	}
	return model.Unknown{}
}

// reason is why a value is unknown.
func (v value) reason() model.Unknown {
	if v.form == formText {
		return v.text.unresolved()
	}
	return model.Unknown{Reason: model.ReasonUnresolved, Detail: v.why}
}
