package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// maxSteps is how far references are followed from module to module: deeper than
// any module, and an end to those that go in circles.
const maxSteps = 32

// reach is what an expression can get its value from, as far as its references
// say. Terraform lists them without what the expression does with them.
type reach struct {
	blocks []*block
	// attributes are those of the blocks that it reads; "" for a block as a whole.
	attributes []string
	// vague: something that cannot be followed has a part in it.
	vague bool
	// none: a block of which there are no instances has a part in it.
	none bool
}

// exact is the one block that the value comes from, nil if there may be another.
func (r reach) exact() *block {
	if len(r.blocks) == 1 && !r.vague {
		return r.blocks[0]
	}
	return nil
}

// reads is the one attribute of the blocks that the value comes from, "" if there
// may be another.
func (r reach) reads() string {
	if len(r.attributes) == 1 {
		return r.attributes[0]
	}
	return ""
}

// follow returns where an attribute of a block that is known only after apply
// gets its value from.
func (b *block) follow(name string) reach {
	return b.followed(b.config.Get("expressions").Get(name))
}

func (b *block) followed(expression gjson.Result) reach {
	if !expression.Exists() {
		return reach{vague: true}
	}
	r := b.reached(expression)
	if len(r.blocks) == 0 {
		r.vague = true // a function or a value that is not known for another reason
	}
	return r
}

// reached is what the references of an expression lead to: nothing, if all of
// them are known when the plan is made.
func (b *block) reached(expression gjson.Result) reach {
	var r reach
	f := follower{world: b.world, reach: &r, seen: map[string]bool{}}
	m := b.world.config.modules[withoutKeys(b.module)]
	here := scope{module: m, instance: b.module, key: b.key, each: b.config.Get("for_each_expression"), peers: len(b.world.groups[b.module+"|"+b.local])}
	f.refs(here, references(expression), 0)
	slices.SortFunc(r.blocks, func(a, b *block) int { return strings.Compare(a.address, b.address) })
	r.blocks = slices.Compact(r.blocks)
	return r
}

// references are those of an expression without the ones that are the beginning
// of another: terraform lists a.b.c and a.b.
func references(expression gjson.Result) []string {
	var all []string
	for _, r := range expression.Get("references").Array() {
		all = append(all, r.Str)
	}
	return slices.DeleteFunc(slices.Clone(all), func(r string) bool {
		return slices.ContainsFunc(all, func(o string) bool {
			return len(o) > len(r) && strings.HasPrefix(o, r) && (o[len(r)] == '.' || o[len(r)] == '[')
		})
	})
}

// scope is where references are written.
type scope struct {
	module   *module
	instance string       // address of the instance of the module
	key      string       // instance key of what is written there
	each     gjson.Result // its for_each
	peers    int          // how many instances there are of it; 0 where that is not known
}

type follower struct {
	*world
	reach *reach
	// seen are the references that were followed, true while they are: one that
	// comes back to itself leads nowhere, and one that is met again to nothing new.
	seen map[string]bool
}

func (f follower) refs(s scope, list []string, depth int) {
	keyed := slices.ContainsFunc(list, func(r string) bool { return strings.HasPrefix(r, "each.") || r == "count.index" })
	for _, ref := range list {
		f.ref(s, ref, keyed, depth)
	}
}

func (f follower) ref(s scope, ref string, keyed bool, depth int) {
	step := fmt.Sprintf("%s\n%s\n%t\n%s", s.instance, s.key, keyed, ref)
	open, met := f.seen[step]
	if s.module == nil || depth > maxSteps || open {
		f.reach.vague = true
		return
	}
	if met {
		return
	}
	f.seen[step] = true
	defer func() { f.seen[step] = false }()
	part := strings.SplitN(ref, ".", 3)
	switch part[0] {
	case "var":
		f.variable(s, strings.Join(part[1:min(2, len(part))], ""), depth)
	case "each":
		if strings.HasPrefix(ref, "each.value") {
			f.reach.vague = f.reach.vague || !s.each.Exists()
			f.refsKeyed(s, references(s.each), depth+1)
		}
	case "count", "path", "terraform", "self":
		// Known when the plan is made.
	case "module":
		f.output(s, ref, keyed, depth)
	case "local":
		f.local(s, strings.Join(part[1:min(2, len(part))], ""), depth)
	default:
		f.resource(s, ref, keyed)
	}
}

// refsKeyed follows what a for_each goes through: each.value is the element of
// the same key.
func (f follower) refsKeyed(s scope, list []string, depth int) {
	for _, ref := range list {
		if !strings.HasPrefix(ref, "each.") {
			f.ref(s, ref, true, depth)
		}
	}
}

// variable follows what a call gives to its module. Variables of the root module
// are known when the plan is made.
func (f follower) variable(s scope, name string, depth int) {
	name = name[:nameEnd(name, 0)]
	if s.module.parent == nil {
		return
	}
	up, at := moduleUp(s.instance)
	e := member(s.module.call.Get("expressions"), name)
	if e.IsArray() { // no expression but blocks, which calls do not have
		f.reach.vague = true
		return
	}
	f.refs(scope{module: s.module.parent, instance: up, key: at, each: s.module.call.Get("for_each_expression")}, references(e), depth+1)
}

// local follows a local value. Terraform does not show what it is made of; the
// source does.
func (f follower) local(s scope, name string, depth int) {
	list, known := f.config.locals[s.module.path+"|"+name[:nameEnd(name, 0)]]
	if !known {
		f.reach.vague = true
		return
	}
	f.refs(scope{module: s.module, instance: s.instance}, list, depth+1)
}

// moduleUp returns the instance of the module above, and the key of this one.
func moduleUp(instance string) (up, key string) {
	for rest := instance; rest != ""; {
		end := nameEnd(rest, len("module."))
		name := end
		if end < len(rest) && rest[end] == '[' {
			end = keyEnd(rest, end)
		}
		key = rest[name:end]
		if end >= len(rest) {
			return up, key
		}
		up, rest = strings.TrimPrefix(up+"."+rest[:end], "."), rest[end+1:]
	}
	return up, key
}

// output follows module.NAME[KEY].OUTPUT.
func (f follower) output(s scope, ref string, keyed bool, depth int) {
	end := nameEnd(ref, len("module."))
	path, key := ref[:end], ""
	if end < len(ref) && ref[end] == '[' {
		key = ref[end:keyEnd(ref, end)]
	}
	name := strings.TrimPrefix(ref[end+len(key):], ".")
	if s.module.path != "" {
		path = s.module.path + "." + path
	}
	m := f.config.modules[path]
	if m == nil || name == "" {
		f.reach.vague = true
		return
	}
	if many := m.call.Get("count_expression").Exists() || m.call.Get("for_each_expression").Exists(); many && key == "" {
		if !keyed {
			f.reach.vague = true
			return
		}
		key = s.key
	}
	instance := strings.TrimPrefix(s.instance+"."+ref[:end]+key, ".")
	e := member(m.config.Get("outputs"), name[:nameEnd(name, 0)]).Get("expression")
	if !e.Exists() || !f.instances[instance] {
		f.reach.vague = true
		return
	}
	f.refs(scope{module: m, instance: instance}, references(e), depth+1)
}

// resource adds the instances that a reference to a resource can mean: the one
// that it names; with count.index or each.key in the expression the one with the
// same key, if there are as many of the one as of the other (what [count.index %
// 2] means cannot be seen); else all of them.
func (f follower) resource(s scope, ref string, keyed bool) {
	parts := 2
	if strings.HasPrefix(ref, "data.") {
		parts = 3
	}
	end := 0
	for range parts {
		end = nameEnd(ref, min(end+1, len(ref)))
	}
	local, key := ref[:end], ""
	if end < len(ref) && ref[end] == '[' {
		key = ref[end:keyEnd(ref, end)]
	}
	rest := strings.TrimPrefix(ref[end+len(key):], ".")
	group := f.groups[s.instance+"|"+local]
	if len(group) == 0 {
		// There is none of it (count = 0), or it is of a type that is not read.
		f.reach.none = true
		f.reach.vague = f.reach.vague || f.config.incomplete || !f.config.at(strings.TrimPrefix(s.instance+"."+local, ".")).Exists()
		return
	}
	if key == "" && keyed && s.key != "" && (s.peers == 0 || s.peers == len(group)) {
		key = s.key
	}
	before := len(f.reach.blocks)
	for _, b := range group {
		if key == "" || b.key == key {
			f.reach.blocks = append(f.reach.blocks, b)
		}
	}
	f.reach.vague = f.reach.vague || len(f.reach.blocks) == before // no such instance
	if name := rest[:nameEnd(rest, 0)]; !slices.Contains(f.reach.attributes, name) {
		f.reach.attributes = append(f.reach.attributes, name)
	}
}
