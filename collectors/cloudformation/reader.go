package cloudformation

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reader evaluates one template.
type reader struct {
	*template
	o          Options
	parameters *yaml.Node
	mappings   *yaml.Node
	conditions *yaml.Node
	resources  []*resource
	byID       map[string]*resource

	loop     map[string]string // identifiers of Fn::ForEach around what is evaluated
	values   map[string]value  // of parameters
	decided  map[string]verdict
	names    map[string]value // physical names
	indexes  map[string]*index
	busy     map[string]bool     // conditions and names that are being worked out
	aliased  map[*yaml.Node]bool // what aliases stand for, while that is evaluated
	depth    int
	budget   int
	texts    int // bytes that were put together
	overflow bool

	own   string // stands in for the account where nobody gave it
	notes []string
	*builder
}

// resource is one entry of Resources.
type resource struct {
	id, kind string
	line     int
	node     *yaml.Node
	loop     map[string]string
	exists   verdict // by its condition
	why      string  // the condition, where nobody can decide it
	props    value   // Properties, evaluated
}

// budget is how many nodes are evaluated at most: more than a template of 1 MB
// has, far less than aliases of aliases make.
const budget = 1 << 18

// maxText is how many bytes of text are put together at most, in sum. Each is
// looked at several times, for credentials for one.
const maxText = 32 << 20

func newReader(t *template, o Options, data []byte) *reader {
	r := &reader{
		own:      or(o.Account, ownAccount(data)),
		template: t, o: o, budget: budget,
		parameters: member(t.root, "Parameters"), mappings: member(t.root, "Mappings"), conditions: member(t.root, "Conditions"),
		byID: map[string]*resource{}, values: map[string]value{}, decided: map[string]verdict{}, names: map[string]value{}, indexes: map[string]*index{}, aliased: map[*yaml.Node]bool{}, busy: map[string]bool{},
	}
	if o.Declared != nil && r.parameters != nil && r.parameters.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(r.parameters.Content); i += 2 {
			o.Declared(r.parameters.Content[i].Value)
		}
	}
	return r
}

func (r *reader) note(line int, format string, args ...any) {
	text := fmt.Sprintf("%s:%d: %s", r.file, max(1, line), fmt.Sprintf(format, args...))
	if !slices.Contains(r.notes, text) {
		r.notes = append(r.notes, text)
	}
}

// eval evaluates a node with the intrinsic functions in it.
func (r *reader) eval(n *yaml.Node) value {
	if n != nil && n.Kind == yaml.AliasNode {
		to := resolved(n)
		if r.aliased[to] {
			r.overflow = true
			return unknown("an alias of itself")
		}
		r.aliased[to] = true
		defer delete(r.aliased, to)
		n = to
	}
	if n == nil {
		return nothing()
	}
	if r.budget--; r.budget < 0 || r.depth > 2*maxDepth {
		r.overflow = true
		return unknown("the template says too much at once")
	}
	r.depth++
	defer func() { r.depth-- }()
	v := r.evalNode(n)
	if v.line == 0 {
		v.line = n.Line
	}
	return v
}

func (r *reader) evalNode(n *yaml.Node) value {
	if name, ok := shortTag(n); ok {
		return r.call(name, n)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return nothing()
		}
		return r.textValue(text{{lit: n.Value}})
	case yaml.SequenceNode:
		return value{form: formList, list: r.items(n)}
	case yaml.MappingNode:
		if len(n.Content) == 2 && isFunction(n.Content[0].Value) {
			return r.call(n.Content[0].Value, resolved(n.Content[1]))
		}
		return value{form: formObject, object: r.members(n)}
	default:
		return unknown("something that is neither a text, a list nor an object")
	}
}

// textValue is a text with its dynamic references, as long as texts are not too
// much in sum.
func (r *reader) textValue(t text) value {
	for _, p := range t {
		r.texts += len(p.lit) + 1
	}
	if r.texts > maxText {
		r.overflow = true
		return unknown("the template says too much at once")
	}
	return value{form: formText, text: dynamics(t)}
}

// shortTag returns the long name of a function in YAML's short form, !Ref for
// example.
func shortTag(n *yaml.Node) (string, bool) {
	name, ok := strings.CutPrefix(n.Tag, "!")
	if !ok || strings.HasPrefix(name, "!") || name == "" {
		return "", false
	}
	if name == "Ref" || name == "Condition" {
		return name, true
	}
	return "Fn::" + name, true
}

func isFunction(name string) bool { return name == "Ref" || strings.HasPrefix(name, "Fn::") }

func (r *reader) items(n *yaml.Node) []value {
	list := make([]value, 0, len(n.Content))
	for _, c := range n.Content {
		if v := r.eval(c); v.given() { // AWS::NoValue takes an item away
			list = append(list, v)
		}
	}
	return list
}

func (r *reader) members(n *yaml.Node) *object {
	o := &object{members: map[string]value{}}
	set := func(name string, v value) {
		if _, have := o.members[name]; !have {
			o.names = append(o.names, name)
			o.members[name] = v
		}
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolved(n.Content[i])
		switch {
		case key == nil:
		case key.Tag == "!!merge":
			merged = append(merged, resolved(n.Content[i+1]))
		case isFunction(key.Value):
			// A macro or a loop among other members adds more of them.
			o.open = key.Value
		default:
			set(key.Value, r.eval(n.Content[i+1]))
		}
	}
	for _, m := range merged {
		v := r.eval(m)
		if v.form != formObject {
			o.open = "<<"
			continue
		}
		for _, name := range v.object.names {
			set(name, v.object.members[name])
		}
	}
	return o
}
