package cloudformation

import (
	"encoding/base64"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// call evaluates an intrinsic function (CloudFormation Template Reference,
// "Intrinsic functions"). In the short form the node has the function's tag, so
// that arg must not be evaluated as a whole.
func (r *reader) call(name string, arg *yaml.Node) value {
	if arg == nil {
		return unknown(name)
	}
	switch name {
	case "Ref":
		return r.refer(arg.Value)
	case "Fn::GetAtt":
		return r.getAtt(arg)
	case "Fn::Sub":
		return r.sub(arg)
	case "Fn::Join":
		return r.join(arg)
	case "Fn::Select":
		return r.choose(arg)
	case "Fn::Split":
		return r.split(arg)
	case "Fn::FindInMap":
		return r.find(arg)
	case "Fn::If":
		return r.branch(arg)
	case "Fn::Base64":
		if s, ok := r.inner(name, arg).text.literal(); ok && s != "" {
			return literal(base64.StdEncoding.EncodeToString([]byte(s)))
		}
		return unknown(name)
	case "Fn::ToJsonString":
		return r.toJSON(r.inner(name, arg))
	case "Fn::Length":
		if v := r.inner(name, arg); v.form == formList {
			return literal(strconv.Itoa(len(v.list)))
		}
		return unknown(name)
	case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals":
		switch v, why := r.decide(arg, name); v {
		case holds:
			return literal("true")
		case fails:
			return literal("false")
		default:
			return unknown(why)
		}
	default:
		// Fn::ImportValue, Fn::GetAZs, Fn::Cidr, Fn::Transform, those of CDK's own
		// and those that do not exist yet.
		return unknown(shorten(name))
	}
}

// inner evaluates an argument without the tag of the function itself.
func (r *reader) inner(name string, n *yaml.Node) value {
	if tag, _ := shortTag(n); tag != name {
		return r.eval(n)
	}
	bare := *n
	switch n.Kind {
	case yaml.MappingNode:
		bare.Tag = "!!map"
	case yaml.SequenceNode:
		bare.Tag = "!!seq"
	default:
		bare.Tag = "!!str"
	}
	return r.eval(&bare)
}

// args are the arguments of a function that takes a list.
func args(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

func (r *reader) getAtt(n *yaml.Node) value {
	if n.Kind == yaml.ScalarNode {
		id, attr, ok := strings.Cut(n.Value, ".")
		if !ok {
			return unknown("Fn::GetAtt")
		}
		return r.attribute(id, attr)
	}
	var names []string
	for _, c := range args(n) {
		s, ok := r.eval(c).text.literal()
		if !ok {
			return unknown("Fn::GetAtt")
		}
		names = append(names, s)
	}
	if len(names) < 2 {
		return unknown("Fn::GetAtt")
	}
	return r.attribute(names[0], strings.Join(names[1:], "."))
}

func (r *reader) attribute(id, attr string) value {
	to := ref{id, attr}
	if r.byID[id] == nil {
		return unknown(shorten(to.String()))
	}
	return value{form: formText, text: text{{ref: to}}}
}

func (r *reader) join(n *yaml.Node) value {
	a := args(n)
	if len(a) != 2 {
		return unknown("Fn::Join")
	}
	by, ok := r.eval(a[0]).text.literal()
	list := r.eval(a[1])
	if !ok || list.form != formList {
		return unknown(or(list.why, "Fn::Join"))
	}
	var out text
	for i, item := range list.list {
		if i > 0 && by != "" {
			out = append(out, part{lit: by})
		}
		out = append(out, item.parts()...)
	}
	return r.textValue(out)
}

// parts is the value as a piece of a text.
func (v value) parts() text {
	if v.form == formText {
		return v.text
	}
	return text{{why: or(v.why, "a list or an object where a text belongs")}}
}

func (r *reader) choose(n *yaml.Node) value {
	a := args(n)
	if len(a) != 2 {
		return unknown("Fn::Select")
	}
	at, _ := r.eval(a[0]).text.literal()
	i, err := strconv.Atoi(strings.TrimSpace(at))
	list := r.eval(a[1])
	if err != nil || list.form != formList || i < 0 || i >= len(list.list) {
		return unknown(or(list.why, "Fn::Select"))
	}
	for _, before := range list.list[:i+1] {
		if before.form == formUnknown {
			return before // it may be no item at all, and then others count
		}
	}
	return list.list[i]
}

func (r *reader) split(n *yaml.Node) value {
	a := args(n)
	if len(a) != 2 {
		return unknown("Fn::Split")
	}
	by, ok := r.eval(a[0]).text.literal()
	v := r.eval(a[1])
	s, known := v.text.literal()
	if !ok || by == "" || v.form != formText || !known {
		return unknown(or(v.reason().Detail, "Fn::Split"))
	}
	out := value{form: formList}
	for _, piece := range strings.Split(s, by) {
		out.list = append(out.list, literal(piece))
	}
	return out
}

// find looks into Mappings. The macro AWS::LanguageExtensions adds a default.
func (r *reader) find(n *yaml.Node) value {
	a := args(n)
	if len(a) < 3 {
		return unknown("Fn::FindInMap")
	}
	at := r.mappings
	for _, c := range a[:3] {
		v := r.eval(c)
		key, ok := v.text.literal()
		if !ok {
			return unknown("Fn::FindInMap with " + or(v.reason().Detail, "an object"))
		}
		at = member(at, key)
	}
	if at != nil {
		return r.eval(at)
	}
	if len(a) > 3 {
		if v := r.eval(a[3]).get("DefaultValue"); v.given() {
			return v
		}
	}
	return unknown("Fn::FindInMap: the mapping has no such entry")
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// toJSON evaluates Fn::ToJsonString of the macro AWS::LanguageExtensions.
func (r *reader) toJSON(v value) value {
	if v.form != formObject && v.form != formList {
		return unknown("Fn::ToJsonString")
	}
	return r.textValue(appendJSON(nil, v))
}
