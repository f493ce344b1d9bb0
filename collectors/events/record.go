package events

import (
	"bytes"
	"encoding/json"
)

// record is what is found out about a record without decoding it.
type record struct {
	source, name member
	names        []int  // where the names of its members may be that are looked for; see mask
	escapes      bool   // there is a backslash in it, or near it
	bad          string // why it cannot be a record; empty when it can
}

// member is a member of a record by the place of its colon, from 1; 0 when it was
// not found.
type member struct {
	colon int
	text  []byte // the value, decoded; it is gone with the record's bytes
}

func (r *record) refuse(why string) {
	if r.bad == "" {
		r.bad = why
	}
}

// look looks for the names where the scanner saw the letter after "event.
func (r *record) look(raw []byte) {
	for _, at := range r.names {
		if at -= len(`"event`); at < 1 || raw[at-1] == '\\' { // a quote within a string
			continue
		}
		switch rest := raw[at:]; {
		case bytes.HasPrefix(rest, []byte(`"eventName"`)):
			r.found(raw, at+len(`"eventName"`), &r.name)
		case bytes.HasPrefix(rest, []byte(`"eventSource"`)):
			r.found(raw, at+len(`"eventSource"`), &r.source)
		}
	}
}

// found takes note of a name that ends before a place, unless it is a value.
func (r *record) found(raw []byte, end int, of *member) {
	colon := space(raw, end)
	switch {
	case raw[colon] != ':':
	case of.colon != 0:
		r.refuse("it says its eventSource or eventName twice")
	default:
		of.colon = colon
	}
}

// read takes the values out of the whole record.
func (r *record) read(raw []byte) {
	r.look(raw)
	r.value(raw, &r.source, "eventSource")
	r.value(raw, &r.name, "eventName")
	// Escapes can spell a name in another way, and hide it. CloudTrail escapes few
	// characters so, and no letters.
	if r.escapes && bytes.Contains(raw, []byte(`\u`)) {
		var m members
		if m.split(raw) != nil {
			r.refuse("it is not a JSON object")
		}
		if m.count("eventSource") > 1 || m.count("eventName") > 1 {
			r.refuse("it says its eventSource or eventName twice")
		}
		r.hidden(m, &r.source, "eventSource")
		r.hidden(m, &r.name, "eventName")
	}
}

func (r *record) hidden(m members, of *member, name string) {
	if v, ok := m.get(name); ok && of.colon == 0 {
		if text, ok := textOf(v); ok {
			of.colon, of.text = 1, []byte(text)
		} else {
			r.refuse("its " + name + " is not text")
		}
	}
}

func (r *record) value(raw []byte, of *member, name string) {
	if of.colon == 0 {
		return
	}
	v := raw[space(raw, of.colon+1):]
	if v[0] != '"' {
		r.refuse("its " + name + " is not text")
		return
	}
	end := stop(v, 1)
	for end < len(v) && v[end] == '\\' {
		end = stop(v, end+2)
	}
	if of.text = v[1:end]; bytes.IndexByte(of.text, '\\') >= 0 {
		of.text = []byte(unquoted(of.text))
	}
}

// unquoted is a JSON string without its quotes, decoded; what is no JSON string
// comes back empty.
func unquoted(b []byte) string {
	var s string
	if json.Unmarshal(append(append([]byte{'"'}, b...), '"'), &s) != nil {
		return ""
	}
	return s
}
