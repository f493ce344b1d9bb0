package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
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
