package config

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/internal/nearest"
)

// each goes through the keys of a mapping, and refuses one that is there twice.
func (r *reader) each(n *yaml.Node, at string, f func(key, value *yaml.Node, at string)) {
	if n.Kind != yaml.MappingNode {
		r.fail(n.Line, at, "write keys with values, not %s", kindOf(n))
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if first, ok := lines[key.Value]; ok {
			r.fail(key.Line, at, "key %q is in line %d already", key.Value, first)
			continue
		}
		lines[key.Value] = key.Line
		f(key, n.Content[i+1], strings.TrimPrefix(at+"."+key.Value, "."))
	}
}

// members fills a struct.
func (r *reader) members(n *yaml.Node, at string, v reflect.Value) {
	fields, names := map[string]int{}, []string{}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Type == reflect.TypeFor[line]() {
			v.Field(i).Set(reflect.ValueOf(line(n.Line)))
		} else {
			fields[f.Tag.Get("key")] = i
			names = append(names, f.Tag.Get("key"))
		}
	}
	before, have := len(r.errs), map[string]bool{}
	r.each(n, at, func(key, value *yaml.Node, way string) {
		i, ok := fields[key.Value]
		if !ok || key.Kind != yaml.ScalarNode {
			r.fail(key.Line, at, "there is no key %q%s", key.Value, hint(key.Value, names))
			return
		}
		have[key.Value] = true
		r.read(value, way, v.Field(i))
		if v.Type().Field(i).Tag.Get("some") != "" && len(value.Content) == 0 && value.Kind != yaml.AliasNode {
			r.fail(value.Line, way, "it says nothing: write something or leave it out")
		}
	})
	if n.Kind != yaml.MappingNode {
		return
	}
	var missing []string
	for _, name := range names {
		if v.Type().Field(fields[name]).Tag.Get("must") != "" && !have[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 && len(r.errs) == before {
		r.fail(n.Line, at, "%s is missing", strings.Join(missing, ", "))
	}
}

// demanding says whether a struct has members that must be there.
func demanding(t reflect.Type) bool {
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if t.Field(i).Tag.Get("must") != "" {
			return true
		}
	}
	return false
}

func hint(typed string, names []string) string {
	if n := nearest.Name(typed, names); n != "" {
		return fmt.Sprintf(", did you mean %s?", n)
	}
	return "; there are " + strings.Join(names, ", ")
}
