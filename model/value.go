package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
	"unique"
)

// State says what is known of an attribute.
type State uint8

// The states of an attribute. StateUnknown is the zero value on purpose: an
// attribute that nobody filled must never look like a known one.
const (
	StateUnknown State = iota // nobody could say
	StateAbsent               // known not to be there: a secret that was never rotated has no rotation date
	StateKnown                // known, with a value
)

// Value is an attribute that is known, known to be absent, or unknown with the
// reason. The zero Value is unknown with the reason ReasonNotCollected.
type Value[T any] struct {
	v     T
	state State
	// The few reasons that a snapshot has are kept once: most attributes have none,
	// and a reason is larger than most attributes.
	why unique.Handle[Unknown]
}

// Known returns a known value. A nil list or map is a known empty one, and a
// time is in UTC, so that equal values are written alike.
func Known[T any](v T) Value[T] {
	switch reflect.TypeFor[T]().Kind() {
	case reflect.Slice, reflect.Map, reflect.Struct:
		tidy := v
		fill(reflect.ValueOf(&tidy).Elem())
		v = tidy
	default:
	}
	return Value[T]{v: v, state: StateKnown}
}

// fill makes nil lists and maps empty, at any depth. JSON would write them as
// null, which is how absence is written.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		switch v.Type().Elem().Kind() {
		case reflect.Slice, reflect.Map, reflect.Struct:
			for i := range v.Len() {
				fill(v.Index(i))
			}
		default:
		}
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
	case reflect.Struct:
		if t, ok := v.Addr().Interface().(*time.Time); ok {
			*t = t.UTC().Round(0)
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	default:
	}
}

// None returns the value of an attribute that is known to be absent.
func None[T any]() Value[T] { return Value[T]{state: StateAbsent} }

// Missing returns an unknown value with its reason; without one, it is
// ReasonNotCollected.
func Missing[T any](why Unknown) Value[T] {
	if why.Reason == "" {
		return Value[T]{}
	}
	return Value[T]{why: unique.Make(why)}
}

// KnownOrNone returns a known value, or absence when v is nil. AWS leaves out
// members that do not apply, which the SDK shows as nil pointers.
func KnownOrNone[T any](v *T) Value[T] {
	if v == nil {
		return None[T]()
	}
	return Known(*v)
}

// Get returns the value and whether it is known and present.
func (v Value[T]) Get() (T, bool) { return v.v, v.state == StateKnown }

// Or returns the value if it is known and present, else def. Use it for
// display only: judging with a default turns unknown into a guess.
func (v Value[T]) Or(def T) T {
	if v.state == StateKnown {
		return v.v
	}
	return def
}

// Len returns the number of elements of a known list or map, and -1 of anything
// else.
func (v *Value[T]) Len() int {
	of := reflect.ValueOf(&v.v).Elem()
	if v.state != StateKnown || of.Kind() != reflect.Slice && of.Kind() != reflect.Map {
		return -1
	}
	return of.Len()
}

// State returns what is known of the attribute.
func (v Value[T]) State() State { return v.state }

// Why returns the reason of an unknown value, and the zero Unknown of any other.
func (v Value[T]) Why() Unknown {
	switch {
	case v.state != StateUnknown:
		return Unknown{}
	case v.why == unique.Handle[Unknown]{}:
		return Unknown{Reason: ReasonNotCollected}
	}
	return v.why.Value()
}

// MarshalJSON writes a known value as itself and anything else as null. The
// reason of an unknown value is written beside the attributes; see Resource.
func (v Value[T]) MarshalJSON() ([]byte, error) {
	if v.state != StateKnown {
		return []byte("null"), nil
	}
	return json.Marshal(v.v)
}

// Attribute is the untyped view of a Value, for code that treats all
// attributes alike (writing, merging, evaluating).
type Attribute interface {
	State() State
	Why() Unknown
	MarshalJSON() ([]byte, error)
}

// settable is the side of a Value that reading and merging need.
type settable interface {
	Attribute
	setKnown(raw []byte) error
	setAbsent()
	setUnknown(Unknown)
	zero() any
}

func (v *Value[T]) setKnown(raw []byte) error {
	var t T
	if !quick(raw, &t) {
		if err := unmarshal(raw, &t); err != nil {
			return fmt.Errorf("read value: %w", err)
		}
	}
	*v = Known(t)
	return nil
}

// unmarshal refuses members that a struct does not have: one that is silently
// dropped could hide a failure.
func unmarshal[T any](raw []byte, t *T) error {
	if reflect.TypeFor[T]().Kind() != reflect.Slice {
		return json.Unmarshal(raw, t)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return dec.Decode(t)
}

func (v *Value[T]) setAbsent()           { *v = None[T]() }
func (v *Value[T]) setUnknown(u Unknown) { *v = Missing[T](u) }
func (v *Value[T]) zero() any            { var t T; return t }
