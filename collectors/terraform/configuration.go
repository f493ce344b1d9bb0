package terraform

import (
	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// configuration is what the author wrote, as far as terraform shows it. Empty in
// a state.
type configuration struct {
	providers gjson.Result
	variables gjson.Result // of the root module, with the values of this run
	modules   map[string]*module
	resources map[string]gjson.Result // by module without keys, and address in it
	literals  map[string]model.Value[bool]
	// locals are what the local values of a module refer to, by module and name.
	// Only the source has them; nil without it.
	locals map[string][]string
	// incomplete: instances may exist that the plan does not have.
	incomplete bool
}

// module is one module of the configuration: all instances of it are alike.
type module struct {
	path   string // such as module.a.module.b; empty for the root
	config gjson.Result
	call   gjson.Result // does not exist for the root
	parent *module
}

func readConfiguration(top members) *configuration {
	c := &configuration{
		providers: top.get("configuration.provider_config"), variables: top.get("variables"),
		modules: map[string]*module{}, resources: map[string]gjson.Result{},
		literals: map[string]model.Value[bool]{}, locals: map[string][]string{},
	}
	complete := top.get("complete")
	c.incomplete = complete.Exists() && !complete.Bool() || len(top.get("deferred_changes").Array()) > 0 || top.get("errored").Bool()
	if root := top.get("configuration.root_module"); root.Exists() {
		c.add(&module{config: root})
	}
	return c
}

func (c *configuration) add(m *module) {
	c.modules[m.path] = m
	m.config.Get("resources").ForEach(func(_, r gjson.Result) bool {
		if wanted(r.Get("type").Str) {
			c.resources[m.path+"|"+r.Get("address").Str] = r
		}
		return true
	})
	m.config.Get("module_calls").ForEach(func(name, call gjson.Result) bool {
		path := "module." + name.Str
		if m.path != "" {
			path = m.path + "." + path
		}
		c.add(&module{path: path, config: call.Get("module"), call: call, parent: m})
		return true
	})
}

// at returns the configuration of the resource at an address.
func (c *configuration) at(address string) gjson.Result {
	module, rest := moduleOf(address)
	return c.resources[withoutKeys(module)+"|"+withoutKeys(rest)]
}

// member returns a member by a name that the author chose.
func member(of gjson.Result, name string) (found gjson.Result) {
	of.ForEach(func(key, value gjson.Result) bool {
		if key.Str == name {
			found = value
			return false
		}
		return true
	})
	return found
}
