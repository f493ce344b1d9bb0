package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// ReadEvent reads what Line wrote. A member or value that does not exist is an
// error: one that is silently dropped could hide who did it.
func ReadEvent(line []byte) (*Event, error) {
	var outer map[string]json.RawMessage
	if err := json.Unmarshal(line, &outer); err != nil {
		return nil, err
	}
	if len(outer) != 1 || outer["event"] == nil {
		return nil, errors.New("an event is an object with the one member event")
	}
	var w wireEvent
	dec := json.NewDecoder(bytes.NewReader(outer["event"]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		return nil, fmt.Errorf("an event: %w", err)
	}
	if w.Time = w.Time.UTC(); w.Time.Year() > 9999 { // JSON cannot write it
		return nil, errors.New("an event of a year after 9999")
	}
	if w.Source == "" || w.Name == "" || w.Time.IsZero() || w.Values == nil {
		return nil, errors.New("an event without source, name, time or values")
	}
	e := &Event{File: w.File, Place: w.Place, Source: w.Source, Name: w.Name, Time: w.Time}
	return e, e.readValues(&w)
}

func (e *Event) readValues(w *wireEvent) error {
	body, fields, next := reflect.ValueOf(e).Elem(), eventFields(), 0
	seen := make([]bool, len(fields))
	// Lines have the values in the order of the fields: look there first.
	find := func(name string) (settable, error) {
		for i := range fields {
			at := (next + i) % len(fields)
			if fields[at].Name != name {
				continue
			}
			if seen[at] {
				return nil, fmt.Errorf("value %s of an event is there twice", name)
			}
			seen[at], next = true, at+1
			return body.FieldByIndex(fields[at].at).Addr().Interface().(settable), nil
		}
		return nil, fmt.Errorf("an event has no value %q", name)
	}
	err := members(w.Values, func(name string, value []byte) error {
		f, err := find(name)
		switch {
		case err != nil:
			return err
		case string(value) == "null":
			f.setAbsent()
		default:
			if err := f.setKnown(value); err != nil {
				return fmt.Errorf("value %s of an event: %w", name, err)
			}
		}
		return nil
	})
	if err != nil {
		return wrapNotObject("values", err)
	}
	for _, why := range w.Unknown {
		for _, name := range why.Of {
			f, err := find(name)
			if err != nil {
				return err
			}
			f.setUnknown(why.Unknown)
		}
	}
	return nil
}
