package model

import (
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"
)

// Field describes one attribute of a kind.
type Field struct {
	Name string       // as in rules, files and reports
	Doc  string       // one sentence
	Type reflect.Type // of the known value
	at   []int        // reflect index path in the body's struct
}

var fieldCache sync.Map // reflect.Type -> []Field: computed once per type, never changed

// Fields lists the attributes of a kind in the order of its struct.
func Fields(k Kind) []Field {
	b := NewBody(k)
	if b == nil {
		return nil
	}
	return fieldsOf(reflect.TypeOf(b).Elem())
}

func fieldsOf(t reflect.Type) []Field {
	if f, ok := fieldCache.Load(t); ok {
		return f.([]Field)
	}
	f, _ := fieldCache.LoadOrStore(t, appendFields(nil, t, nil))
	return f.([]Field)
}

func appendFields(fields []Field, t reflect.Type, at []int) []Field {
	for i := range t.NumField() {
		sf := t.Field(i)
		path := append(append([]int(nil), at...), i)
		if sf.Anonymous {
			fields = appendFields(fields, sf.Type, path)
			continue
		}
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if t == reflect.TypeFor[Event]() && !valued(sf.Type) {
			fields = appendPart(fields, sf.Type, name, path)
			continue
		}
		v, ok := reflect.New(sf.Type).Interface().(settable)
		if name == "" || !ok {
			// A programming error that any test which touches the kind meets.
			panic(fmt.Sprintf("model: %s.%s is not a Value with a json tag", t, sf.Name))
		}
		fields = append(fields, Field{Name: name, Doc: sf.Tag.Get("doc"), Type: reflect.TypeOf(v.zero()), at: path})
	}
	return fields
}

func valued(t reflect.Type) bool {
	_, ok := reflect.New(t).Interface().(settable)
	return ok
}

// appendPart adds the values of a part of an event under its name: those of the
// principal begin with principal_. What every event has and says in plain values
// has names of its own in EventView.
func appendPart(fields []Field, t reflect.Type, name string, at []int) []Field {
	if t != reflect.TypeFor[EventPrincipal]() && t != reflect.TypeFor[EventRequest]() {
		return fields
	}
	for _, f := range appendFields(nil, t, at) {
		f.Name = name + "_" + f.Name
		fields = append(fields, f)
	}
	return fields
}

// Of returns the attribute of a body, which must be of the field's kind.
func (f Field) Of(b Body) Attribute {
	v := reflect.ValueOf(b).Elem()
	for _, i := range f.at { // no pointers are on the way, as FieldByIndex expects
		v = v.Field(i)
	}
	return v.Addr().Interface().(Attribute)
}

// Attributes iterates over the attributes of a resource in the order of Fields.
func (r *Resource) Attributes() iter.Seq2[string, Attribute] {
	return func(yield func(string, Attribute) bool) {
		v := reflect.ValueOf(r.Body).Elem()
		for _, f := range fieldsOf(v.Type()) {
			if !yield(f.Name, v.FieldByIndex(f.at).Addr().Interface().(settable)) {
				return
			}
		}
	}
}

// finder returns a function that finds attributes by name, nil for one that
// does not exist. It is quickest in the order of Fields, in which files have
// them.
func (r *Resource) finder() func(name string) settable {
	v := reflect.ValueOf(r.Body).Elem()
	fields, next := fieldsOf(v.Type()), 0
	return func(name string) settable {
		for i := range fields {
			if at := (next + i) % len(fields); fields[at].Name == name {
				next = at + 1
				return v.FieldByIndex(fields[at].at).Addr().Interface().(settable)
			}
		}
		return nil
	}
}

func (r *Resource) settables() map[string]settable {
	m := map[string]settable{}
	for name, a := range r.Attributes() {
		m[name] = a.(settable)
	}
	return m
}

// SetUnknown gives every attribute that nobody filled the reason why. Use it
// when the call that carries most of a resource was refused.
func SetUnknown(b Body, why Unknown) {
	r := Resource{Body: b}
	for _, a := range r.Attributes() {
		if a.State() == StateUnknown && a.Why().Reason == ReasonNotCollected {
			a.(settable).setUnknown(why)
		}
	}
}
