package cloudformation

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// sub evaluates Fn::Sub in both of its forms: a text, or a text with variables.
func (r *reader) sub(n *yaml.Node) value {
	pattern, vars := n, (*yaml.Node)(nil)
	if a := args(n); len(a) == 2 {
		pattern, vars = resolved(a[0]), resolved(a[1])
	} else if len(a) == 1 {
		pattern = resolved(a[0])
	}
	if pattern == nil || pattern.Kind != yaml.ScalarNode {
		return unknown("Fn::Sub")
	}
	var out text
	rest := pattern.Value
	for {
		before, after, ok := strings.Cut(rest, "${")
		out = out.add(before)
		if !ok {
			break
		}
		name, tail, ok := strings.Cut(after, "}")
		if !ok {
			out = out.add("${" + after)
			break
		}
		rest = tail
		switch name = strings.TrimSpace(name); {
		case strings.HasPrefix(name, "!"): // ${!Literal} stands for ${Literal}
			out = out.add("${" + name[1:] + "}")
		case member(vars, name) != nil:
			out = append(out, r.eval(member(vars, name)).parts()...)
		case strings.Contains(name, "."):
			id, attr, _ := strings.Cut(name, ".")
			out = append(out, r.attribute(id, attr).parts()...)
		default:
			out = append(out, r.refer(name).parts()...)
		}
	}
	return r.textValue(out)
}

func (t text) add(s string) text {
	if s == "" {
		return t
	}
	return append(t, part{lit: s})
}

const opening, closing = "{{resolve:", "}}"

// dynamics turns dynamic references into parts of their own. They may be put
// together of several parts: {{resolve:secretsmanager:${Secret}:SecretString}}.
func dynamics(t text) text {
	var out text
	for i := 0; i < len(t); i++ {
		p := t[i]
		start := strings.Index(p.lit, opening)
		if !p.isLiteral() || start < 0 {
			out = append(out, p)
			continue
		}
		inner, rest, last := between(t[i:], start+len(opening))
		if last < 0 {
			out = append(out, p) // it does not end, at least not here
			continue
		}
		out = out.add(p.lit[:start])
		out = append(out, dynamic(inner))
		// What follows may hold another one.
		tail := dynamics(append(text{}.add(rest), t[i+last+1:]...))
		return append(out, tail...)
	}
	if out == nil {
		return text{{}}
	}
	return out
}

// between returns what stands between a place in the first part and the end of
// the reference, what follows in the part with the end, and which part that is.
func between(t text, from int) (inner text, rest string, last int) {
	for i, p := range t {
		lit := p.lit
		if i == 0 {
			lit = lit[from:]
		}
		if !p.isLiteral() {
			inner = append(inner, p)
			continue
		}
		if body, tail, ok := strings.Cut(lit, closing); ok {
			return append(inner, part{lit: body, outside: p.outside}), tail, i
		}
		inner = append(inner, part{lit: lit, outside: p.outside})
	}
	return nil, "", -1
}

// dynamic reads SERVICE:NAME:… of a dynamic reference (CloudFormation User
// Guide, "Get values stored in other services using dynamic references").
func dynamic(inner text) part {
	p := part{dynamic: "unknown service"}
	if service, name, ok := strings.Cut(inner[0].lit, ":"); ok {
		switch service {
		case "secretsmanager", "ssm-secure", "ssm":
			p.dynamic = service
		}
		p.name = name
		if strings.HasPrefix(name, "arn:") {
			p.name = strings.Join(strings.SplitN(name, ":", 8)[:min(7, strings.Count(name, ":")+1)], ":")
		} else {
			p.name, _, _ = strings.Cut(name, ":")
		}
		if name == "" && len(inner) > 1 {
			p.secret = inner[1].ref
		}
	}
	return p
}
