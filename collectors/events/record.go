package events

import "encoding/json"

func (r *record) refuse(why string) {
	if r.bad == "" {
		r.bad = why
	}
}

// member tells where the value of a member goes; nil for one that is not looked
// at.
func (r *record) member(name []byte, escaped bool) *text {
	if !escaped && (len(name) < len("eventName") || name[0] != 'e') {
		return nil
	}
	if escaped {
		// An escape can spell any name.
		name = []byte(unquoted(name))
	}
	var t *text
	switch string(name) {
	case "eventSource":
		t = &r.source
	case "eventName":
		t = &r.name
	default:
		return nil
	}
	if t.found {
		r.refuse("it says its " + string(name) + " twice")
	}
	return t
}

// notText refuses a record whose eventSource or eventName is something else.
func (r *record) notText(want **text) {
	switch *want {
	case &r.source:
		r.refuse("its eventSource is not text")
	case &r.name:
		r.refuse("its eventName is not text")
	}
	*want = nil
}

// between follows the grammar of members over a byte that is neither in a string
// nor a bracket.
func (r *record) between(c byte, state int, want **text) int {
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return state
	case c == ':' && state == atColon:
		return atValue
	case c == ',' && state == atComma:
		return atName
	case c != ':' && c != ',' && (state == atValue || state == atComma):
		// A number, true, false or null: it is decoded where it matters.
		r.notText(want)
		return atComma
	}
	r.refuse("its members are not well formed")
	return state
}

// of is the text within its record.
func (t text) of(raw []byte) []byte {
	b := raw[t.from:t.to]
	if t.escaped {
		return []byte(unquoted(b))
	}
	return b
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
