package terraform

import (
	"cmp"
	"slices"

	"github.com/tidwall/gjson"
)

// world is all resources and data sources of one of the two states of a file.
type world struct {
	config    *configuration
	list      []*block
	blocks    map[string]*block   // by address
	byType    map[string][]*block // by resource type; data sources as "data.TYPE"
	groups    map[string][]*block // instances of one block, by module instance and name
	ids       map[string]map[string][]*block
	places    map[string]*place // what is known of a provider, by its key
	earlier   *world            // what exists, of the world after a change
	next      *world            // what will be, of the world before one
	skip      map[string]bool   // addresses in the state that are known under another
	instances map[string]bool   // addresses of modules that have blocks
}

// block is one instance of a resource or a data source.
type block struct {
	world   *world
	address string
	module  string // address of the module instance; empty for the root
	local   string // address within the module, without the key: aws_kms_key.k
	key     string // with its brackets: [0], ["a"]; empty where there is none
	kind    string // resource type; with "data." in front for a data source
	values  attribute
	created bool         // the change makes it: what AWS documents as default applies
	config  gjson.Result // of configuration; does not exist in a state
	moved   string       // its address after the change, where that is another
	at      *place       // once it was asked for
}

func newWorld(c *configuration) *world {
	return &world{config: c, blocks: map[string]*block{}, byType: map[string][]*block{}, groups: map[string][]*block{}, instances: map[string]bool{}}
}

// add adds a resource of resource_changes or of a state. The first one of an
// address counts.
func (w *world) add(r gjson.Result, address string, values attribute, created bool) {
	b := &block{world: w, address: address, values: values, created: created, kind: r.Get("type").Str}
	if now := r.Get("address").Str; now != address {
		b.config, b.moved = w.config.at(now), now // its old address is in no configuration
	}
	if r.Get("mode").Str == "data" {
		b.kind = "data." + b.kind
	}
	w.adopt(b)
}

// adopt adds a block, perhaps one of another world as it is there.
func (w *world) adopt(from *block) {
	b := *from
	b.at = nil
	if b.world = w; w.blocks[b.address] != nil {
		return
	}
	var rest string
	b.module, rest = moduleOf(b.address)
	b.local = withoutKeys(rest)
	b.key = rest[min(len(b.local), len(rest)):]
	if !b.config.Exists() {
		b.config = w.config.at(b.address)
	}
	w.instances[b.module] = true
	w.list = append(w.list, &b)
	w.blocks[b.address] = &b
	w.byType[b.kind] = append(w.byType[b.kind], &b)
	group := b.module + "|" + b.local
	w.groups[group] = append(w.groups[group], &b)
}

// addState adds the resources of a module and of its children.
func (w *world) addState(module gjson.Result, partial bool) {
	module.Get("resources").ForEach(func(_, r gjson.Result) bool {
		if wanted(r.Get("type").Str) && r.Get("deposed_key").Str == "" && !w.skip[r.Get("address").Str] {
			w.add(r, r.Get("address").Str, attribute{v: r.Get("values"), hidden: r.Get("sensitive_values"), partial: partial}, partial)
		}
		return true
	})
	module.Get("child_modules").ForEach(func(_, child gjson.Result) bool {
		w.addState(child, partial)
		return true
	})
}

// get returns an attribute. One that the provider chooses, on making the
// resource, since the configuration says nothing of it, is unset: what is chosen
// is known where AWS documents it.
//
// The configuration does not show blocks that are made by "dynamic". Those whose
// number is known are in the values; of the others nothing can be seen.
func (b *block) get(name string) attribute {
	a := b.values.get(name)
	if a.state() == later && b.created && b.config.Exists() && (!b.configured(name) || b.null(name)) {
		a.fixed = unset
	}
	return a
}

// null says whether the author wrote an expression whose value is null. All that
// it refers to is known when the plan is made, and so is its value; had it been
// anything else, terraform would show it and not leave it to the provider.
func (b *block) null(name string) bool {
	e := b.config.Get("expressions").Get(name)
	if len(references(e)) == 0 {
		return false // a function may give what is not known: timestamp()
	}
	r := b.reached(e)
	return !r.vague && !r.none && len(r.blocks) == 0
}

// configured says whether the author wrote something, other than null.
func (b *block) configured(name string) bool {
	e := b.config.Get("expressions").Get(name)
	c := e.Get("constant_value")
	return e.Exists() && (!c.Exists() || c.Type != gjson.Null)
}

// of returns the blocks of some types in the order of their addresses.
func (w *world) of(kinds ...string) []*block {
	var list []*block
	for _, kind := range kinds {
		list = append(list, w.byType[kind]...)
	}
	slices.SortFunc(list, func(a, b *block) int { return cmp.Compare(a.address, b.address) })
	return list
}
