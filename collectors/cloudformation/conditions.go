package cloudformation

import (
	"go.yaml.in/yaml/v3"
)

// verdict is what is known of a condition.
type verdict uint8

const (
	undecided verdict = iota // nobody can say: the zero value
	holds
	fails
)

func (v verdict) not() verdict {
	switch v {
	case holds:
		return fails
	case fails:
		return holds
	default:
		return undecided
	}
}

// condition decides a condition of the template by its name, and says why not
// where it cannot.
func (r *reader) condition(name string) (verdict, string) {
	why := "condition " + shorten(name)
	if v, ok := r.decided[name]; ok {
		return v, why
	}
	n := member(r.conditions, name)
	if n == nil || r.busy["condition "+name] {
		return undecided, why
	}
	r.busy["condition "+name] = true
	defer delete(r.busy, "condition "+name)
	v, _ := r.test(n)
	r.decided[name] = v
	return v, why
}

// test decides an expression.
func (r *reader) test(n *yaml.Node) (verdict, string) {
	if n = resolved(n); n == nil {
		return undecided, "an empty condition"
	}
	if r.budget--; r.budget < 0 || r.depth > 2*maxDepth {
		r.overflow = true
		return undecided, "the template says too much at once"
	}
	r.depth++
	defer func() { r.depth-- }()
	if name, ok := shortTag(n); ok {
		return r.decide(n, name)
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		return r.decide(resolved(n.Content[1]), n.Content[0].Value)
	}
	return truth(r.eval(n))
}

func truth(v value) (verdict, string) {
	switch s, ok := v.text.literal(); {
	case v.form != formText || !ok:
		return undecided, or(v.reason().Detail, "a condition")
	case s == "true":
		return holds, ""
	case s == "false":
		return fails, ""
	default:
		return undecided, "a condition"
	}
}

// decide decides a condition function (Template Reference, "Condition
// functions"). And and Or are decided by one part that is enough.
func (r *reader) decide(n *yaml.Node, name string) (verdict, string) {
	switch name {
	case "Condition":
		if n == nil {
			return undecided, name
		}
		return r.condition(n.Value)
	case "Fn::Not":
		if a := args(n); len(a) == 1 {
			v, why := r.test(a[0])
			return v.not(), why
		}
	case "Fn::And":
		return r.all(args(n), holds)
	case "Fn::Or":
		return r.all(args(n), fails)
	case "Fn::Equals":
		if a := args(n); len(a) == 2 {
			return equal(r.eval(a[0]), r.eval(a[1]))
		}
	case "Ref", "Fn::FindInMap", "Fn::If", "Fn::Select":
		return truth(r.call(name, n))
	}
	return undecided, shorten(name)
}

// all is one if every part is, the other if one part is the other.
func (r *reader) all(parts []*yaml.Node, one verdict) (verdict, string) {
	v, why := one, ""
	for _, p := range parts {
		switch got, because := r.test(p); got {
		case one.not():
			return got, ""
		case undecided:
			v, why = undecided, because
		}
	}
	if len(parts) == 0 {
		return undecided, "an empty condition"
	}
	return v, why
}

func equal(a, b value) (verdict, string) {
	if a.form == formUnknown || b.form == formUnknown {
		return undecided, or(or(a.why, b.why), "a condition")
	}
	x, okX := a.text.literal()
	y, okY := b.text.literal()
	switch {
	case a.form == formText && b.form == formText && okX && okY:
		if x == y {
			return holds, ""
		}
		return fails, ""
	case same(a, b):
		return holds, ""
	case a.form != b.form, a.form == formText && (!okX || !okY):
		return undecided, or(or(a.reason().Detail, b.reason().Detail), "a condition")
	case a.form == formList && literals(a) && literals(b):
		return fails, ""
	default:
		return undecided, "a condition"
	}
}

// literals says whether all of a list is literal.
func literals(v value) bool {
	for _, item := range v.list {
		if _, ok := item.text.literal(); !ok || item.form != formText {
			return false
		}
	}
	return true
}

// branch evaluates Fn::If. Where nobody can decide, the value is one of two.
func (r *reader) branch(n *yaml.Node) value {
	a := args(n)
	if len(a) != 3 {
		return unknown("Fn::If")
	}
	var v verdict
	var why string
	if a[0].Kind == yaml.ScalarNode && a[0].Tag == "!!str" {
		v, why = r.condition(a[0].Value)
	} else {
		v, why = r.test(a[0])
	}
	switch v {
	case holds:
		return r.eval(a[1])
	case fails:
		return r.eval(a[2])
	default:
		return value{why: "Fn::If on " + why, either: []value{r.eval(a[1]), r.eval(a[2])}}.settled()
	}
}
