package events

import (
	"encoding/json"

	"github.com/keyproof/keyproof/model"
)

// text is a member that records have; not there, it is unknown.
func (d *decoder) text(name string) model.Value[string] {
	if v := d.optional(name); v.State() != model.StateAbsent {
		return v
	}
	return notThere[string](name)
}

// optional is a member that CloudTrail leaves out where it does not apply: not
// there, it is absent.
func (d *decoder) optional(name string) model.Value[string] {
	raw, ok := d.m.get(name)
	if !ok {
		return model.None[string]()
	}
	if text, ok := textOf(raw); ok {
		return model.Known(text)
	}
	return strange[string](d, name, "text")
}

// boolean also takes "true" and "false" in quotes, as older records have them.
func (d *decoder) boolean(name string) model.Value[bool] {
	raw, ok := d.m.get(name)
	if !ok {
		return model.None[bool]()
	}
	switch string(raw) {
	case `true`, `"true"`:
		return model.Known(true)
	case `false`, `"false"`:
		return model.Known(false)
	}
	return strange[bool](d, name, "true or false")
}

// take is a member of any other type.
func take[T any](d *decoder, name, what string) model.Value[T] {
	raw, ok := d.m.get(name)
	if !ok {
		return model.None[T]()
	}
	var v T
	if json.Unmarshal(raw, &v) != nil {
		return strange[T](d, name, what)
	}
	return model.Known(v)
}

// strange is the value of a member of another type than documented.
func strange[T any](d *decoder, name, what string) model.Value[T] {
	d.refuse("its %s is not %s", name, what)
	return model.Missing[T](model.Unknown{Reason: model.ReasonFailed, Detail: name + " is not " + what})
}

// notThere is the value of what the record does not say.
func notThere[T any](name string) model.Value[T] {
	return model.Missing[T](model.Unknown{Reason: model.ReasonNotInSource, Detail: "the record has no " + name})
}

// orNotThere is for members that every record has.
func orNotThere[T any](v model.Value[T], name string) model.Value[T] {
	if v.State() == model.StateAbsent {
		return notThere[T](name)
	}
	return v
}
