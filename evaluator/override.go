package evaluator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// configure sets parameters of a rule, everywhere or for some resources.
func (r *rule) configure(o model.Override) error {
	set := map[string]any{}
	for _, name := range sortedKeys(o.Set) {
		p, ok := r.Params[name]
		if !ok {
			names := sortedKeys(r.Params)
			return fmt.Errorf("there is no parameter %q%s; it has %s", name, meant(name, names), orNone(strings.Join(names, ", ")))
		}
		if !hasType(p.Type, o.Set[name]) {
			return fmt.Errorf("parameter %s must be %s, not %v", name, typeNames[p.Type], o.Set[name])
		}
		set[name] = o.Set[name]
	}
	o.Set = set
	if o.Where.String() != (model.Where{}).String() {
		for _, name := range sortedKeys(set) {
			if w := r.Window; w != nil && slices.Contains([]string{w.Minutes, w.Count, w.Silence}, name) {
				return fmt.Errorf("parameter %s counts events of all places together, so it has one value everywhere", name)
			}
		}
		if len(o.Where.Tags) > 0 {
			if r.tags = tagsOf(r.Kind); r.tags == nil {
				return fmt.Errorf("no tags are read of a %s: choose by account, region or name", r.Kind)
			}
			r.Reads = append(r.Reads, path{"", r.tags.Name}.String())
		}
		r.Overrides = append(r.Overrides, o)
		return nil
	}
	if len(r.Overrides) > 0 {
		return fmt.Errorf("the values that hold everywhere would undo those of %s above: put them first", r.Overrides[0].Origin)
	}
	for name, value := range set {
		p := r.Params[name]
		p.Value, p.Why = value, o.Why
		r.Params[name] = p
	}
	return nil
}

// dropOverrides makes the rule's own value of a parameter hold everywhere.
func (r *rule) dropOverrides(name string) {
	for i := range r.Overrides {
		delete(r.Overrides[i].Set, name)
	}
	r.Overrides = slices.DeleteFunc(r.Overrides, func(o model.Override) bool { return len(o.Set) == 0 })
}

var typeNames = map[string]string{"integer": "a whole number", "string": "text", "boolean": "true or false", "strings": "a list of texts"}

func hasType(typ string, v any) (ok bool) {
	switch typ {
	case "integer":
		_, ok = v.(int)
	case "boolean":
		_, ok = v.(bool)
	case "strings":
		_, ok = v.([]string)
	default:
		_, ok = v.(string)
	}
	return ok
}
