package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/internal/nearest"
)

// reader reads one file and gathers what is wrong with it.
type reader struct {
	file string
	errs []error
}

const shownErrors = 20

func (r *reader) err() error {
	if n := len(r.errs) - shownErrors; n > 0 {
		return errors.Join(append(r.errs[:shownErrors:shownErrors], fmt.Errorf("and %d more", n))...)
	}
	return errors.Join(r.errs...)
}

func (r *reader) fail(line int, at, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if at != "" {
		text = at + ": " + text
	}
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s", r.file, max(1, line), text))
}

// parse reads a file whose top is a D. An empty file is an empty D.
func parse[D any](r *reader, raw []byte) *D {
	d := new(D)
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	var top yaml.Node
	switch err := dec.Decode(&top); {
	case errors.Is(err, io.EOF):
		return d
	case err != nil:
		// The library says "yaml: line 3: …".
		r.errs = append(r.errs, fmt.Errorf("%s: %s", r.file, strings.TrimPrefix(err.Error(), "yaml: ")))
		return d
	}
	r.read(top.Content[0], "", reflect.ValueOf(d).Elem())
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.fail(more.Line, "", "a second document begins here: put all into one")
	}
	return d
}

// read fills v from a node. at is the way to it, for people.
func (r *reader) read(n *yaml.Node, at string, v reflect.Value) {
	if n.Kind == yaml.AliasNode {
		r.fail(n.Line, at, "write the value out: *%s points elsewhere", n.Value)
		return
	}
	if s, ok := v.Addr().Interface().(scalar); ok {
		if _, list := s.(*value); n.Kind != yaml.ScalarNode && !list {
			r.fail(n.Line, at, "write a single value, not %s", kindOf(n))
		} else if err := s.read(n); err != nil {
			r.fail(n.Line, at, "%s", err)
		}
		return
	}
	if n.Tag == "!!null" && !demanding(v.Type()) { // a key whose contents are commented out
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			r.fail(n.Line, at, "write a list, not %s", kindOf(n))
			return
		}
		for i, e := range n.Content {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			r.read(e, fmt.Sprintf("%s[%d]", at, i), v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		r.each(n, at, func(key, value *yaml.Node, at string) {
			name := reflect.New(v.Type().Key())
			r.read(key, at, name.Elem())
			member := reflect.New(v.Type().Elem())
			r.read(value, at, member.Elem())
			v.SetMapIndex(name.Elem(), member.Elem())
		})
	default:
		r.members(n, at, v)
	}
}

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
