package events

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/tidwall/gjson"
)

// members are the members of a JSON object, in its order, by their exact names:
// encoding/json would take EVENTNAME for eventName. They are parts of the object's
// text, and no copies.
type members []struct {
	name  []byte
	value json.RawMessage
}

var errNoObject = errors.New("it is not a JSON object")

// split reads an object. It checks all of its text.
func (m *members) split(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' || !gjson.ValidBytes(raw) {
		return errNoObject
	}
	m.splitValid(raw)
	return nil
}

// splitValid reads an object that is known to be valid JSON.
func (m *members) splitValid(raw []byte) {
	if *m == nil {
		*m = make(members, 0, 8)
	}
	i := 1
	for {
		i = space(raw, i)
		if raw[i] == '}' {
			return
		}
		from := i
		i = afterString(raw, i)
		name := raw[from+1 : i-1]
		i = space(raw, space(raw, i)+1)
		from = i
		i = afterValue(raw, i)
		if bytes.IndexByte(name, '\\') >= 0 {
			name = []byte(unquoted(name))
		}
		*m = append(*m, struct {
			name  []byte
			value json.RawMessage
		}{name, raw[from:i]})
		if i = space(raw, i); raw[i] == ',' {
			i++
		}
	}
}

// get is the last value of a name, as for encoding/json; ok is false when there
// is none, or null.
func (m members) get(name string) (value json.RawMessage, ok bool) {
	for i := len(m) - 1; i >= 0; i-- {
		if string(m[i].name) == name {
			return m[i].value, string(m[i].value) != "null"
		}
	}
	return nil, false
}

func (m members) count(name string) (n int) {
	for i := range m {
		if string(m[i].name) == name {
			n++
		}
	}
	return n
}

// textOf is a value as text, if it is.
func textOf(value json.RawMessage) (string, bool) {
	if len(value) < 2 || value[0] != '"' {
		return "", false
	}
	inner := value[1 : len(value)-1]
	if bytes.IndexByte(inner, '\\') >= 0 {
		return unquoted(inner), true
	}
	return string(inner), true
}

// What follows goes over valid JSON.

func space(b []byte, i int) int {
	for b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r' {
		i++
	}
	return i
}

func afterString(b []byte, i int) int {
	i = stop(b, i+1)
	for b[i] == '\\' {
		i = stop(b, i+2)
	}
	return i + 1
}

func afterValue(b []byte, i int) int {
	depth := 0
	for {
		switch b[i] {
		case '"':
			i = afterString(b, i)
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\t', '\n', '\r':
			i++
			continue
		default:
			for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
				i++
			}
		}
		if depth == 0 {
			return i
		}
	}
}
