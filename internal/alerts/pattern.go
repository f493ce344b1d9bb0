package alerts

import (
	"encoding/json"
	"slices"
	"strings"
)

// Pattern says whether an event pattern of EventBridge matches every successful
// call of the event that CloudTrail reports to the bus of an account in a region
// (EventBridge User Guide, "Creating event patterns").
func Pattern(pattern string, e Event, account, region string) bool {
	var root map[string]json.RawMessage
	if json.Unmarshal([]byte(pattern), &root) != nil || len(root) == 0 {
		return false
	}
	m := busMembers{e, account, region}
	return m.object("", root) == yes
}

// busMembers is an event as EventBridge delivers it: an envelope with
// CloudTrail's record as its detail.
type busMembers struct {
	event           Event
	account, region string
}

func (m busMembers) member(path string) member {
	switch path {
	case "source":
		return member{"aws." + m.event.Service, fixed}
	case "detail-type":
		return member{"AWS API Call via CloudTrail", fixed}
	case "account":
		return member{m.account, fixed}
	case "region", "detail.awsRegion":
		return member{m.region, fixed}
	}
	if name, ok := strings.CutPrefix(path, "detail."); ok {
		return m.event.member(name)
	}
	return member{}
}

// object: all members must match.
func (m busMembers) object(path string, o map[string]json.RawMessage) truth {
	t := yes
	for name, raw := range o {
		t = min(t, m.one(path, name, raw))
	}
	return t
}

func (m busMembers) one(path, name string, raw json.RawMessage) truth {
	if name == "$or" {
		var list []map[string]json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return no
		}
		t := no
		for _, o := range list {
			t = max(t, m.object(path, o))
		}
		return t
	}
	if path != "" {
		name = path + "." + name
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		return m.object(name, object)
	}
	var list []any
	if json.Unmarshal(raw, &list) != nil {
		return no
	}
	t := no
	for _, v := range list {
		t = max(t, match(m.member(name), v))
	}
	return t
}

// match says whether one value of a list, or one filter in it, matches.
func match(m member, want any) truth {
	filter, ok := want.(map[string]any)
	if !ok {
		return m.is(func(v any) bool { return v == want }, no)
	}
	if len(filter) != 1 {
		return no
	}
	for name, arg := range filter {
		switch name {
		case "exists":
			wants, _ := arg.(bool)
			return m.is(func(any) bool { return wants }, of(!wants))
		case "anything-but":
			if object, ok := arg.(map[string]any); ok && !understood(object) {
				return no
			}
			return m.is(func(v any) bool { return !anyOf(v, arg) }, no)
		default:
			return m.is(func(v any) bool { return holds(name, v, arg) }, no)
		}
	}
	return no
}

// understood says whether all filters that "anything-but" leaves out are ones
// that holds knows.
func understood(filters map[string]any) bool {
	for name := range filters {
		if !slices.Contains([]string{"prefix", "suffix", "equals-ignore-case", "wildcard"}, name) {
			return false
		}
	}
	return true
}

// anyOf is what "anything-but" leaves out: a value, one of a list, or what
// another filter matches, of which the argument may be a list too.
func anyOf(v, arg any) bool {
	switch arg := arg.(type) {
	case []any:
		return slices.ContainsFunc(arg, func(a any) bool { return v == a })
	case map[string]any:
		for name, inner := range arg {
			list, many := inner.([]any)
			if !many {
				list = []any{inner}
			}
			if slices.ContainsFunc(list, func(a any) bool { return holds(name, v, a) }) {
				return true
			}
		}
		return false
	default:
		return v == arg
	}
}

// holds applies a filter on strings. Others (numeric, cidr) match none of the
// members that are known.
func holds(name string, v, arg any) bool {
	s, isText := v.(string)
	want, plain := arg.(string)
	fold := false
	if object, ok := arg.(map[string]any); ok {
		want, plain = object["equals-ignore-case"].(string)
		fold = true
	}
	if !isText || !plain {
		return false
	}
	if fold || name == "equals-ignore-case" {
		s, want = strings.ToLower(s), strings.ToLower(want)
	}
	switch name {
	case "prefix":
		return strings.HasPrefix(s, want)
	case "suffix":
		return strings.HasSuffix(s, want)
	case "equals-ignore-case":
		return s == want
	case "wildcard":
		return glob(want, s)
	default:
		return false
	}
}
