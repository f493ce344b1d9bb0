package cloudformation

import (
	"strings"
)

func (d *drafting) statement(s value) {
	if s.form == formUnknown && len(s.either) > 0 {
		// Each of them may be there, or none.
		d.differ(s.why)
		was := d.maybe
		d.maybe = true
		for _, e := range s.either {
			list, _, known := entries(e)
			if !known && e.form == formUnknown {
				list = []value{e}
			}
			for _, item := range list {
				d.statement(item)
			}
		}
		d.maybe = was
		return
	}
	if s.form != formObject || s.object.open != "" {
		d.whole(s)
		return
	}
	effect, known := s.get("Effect").text.literal()
	if !known && s.get("Effect").given() {
		d.whole(s.get("Effect"))
		return
	}
	out, free := map[string]any{}, ""
	for _, name := range s.object.names {
		v := s.object.members[name]
		switch lower := strings.ToLower(name); {
		case lower == "condition":
			// One that is not resolved may admit another account or organization.
			var unread string
			if out[name] = d.conditions(v, &unread); unread != "" {
				free = or(free, unread)
				d.principals = d.principals || effect != "Deny"
			}
		case lower == "resource" || lower == "notresource":
			var unread string
			if x, keep := d.tree(v, strings.HasPrefix(lower, "not"), &unread); d.identity && keep {
				out[name] = x
			}
			if d.identity && unread != "" {
				free = or(free, unread)
			}
			if !d.identity {
				out[name] = "*" // not read of the policy of a resource
			}
		case lower == "sid":
			out[name], _ = d.r.standIn(v.text, "")
		default:
			var unread string
			if x, keep := d.tree(v, strings.HasPrefix(lower, "not"), &unread); keep {
				out[name] = x
			}
			if unread != "" {
				free = or(free, unread)
				if strings.Contains(lower, "principal") && effect != "Deny" {
					d.principals = true
				}
			}
		}
	}
	switch {
	case free == "" && !d.maybe:
		d.open, d.closed = append(d.open, out), append(d.closed, out)
	case effect == "Deny":
		d.differ(free)
		d.closed = append(d.closed, out) // a Deny narrows
	default:
		d.differ(free)
		d.open = append(d.open, out)
	}
}

// conditions leaves out what is not resolved: with less to hold, a statement is
// wider.
func (d *drafting) conditions(v value, free *string) any {
	out := map[string]any{}
	if v.form != formObject || v.object.open != "" {
		*free = or(*free, or(v.reason().Detail, "a condition"))
		return out
	}
	for _, operator := range v.object.names {
		tests, kept := v.object.members[operator], map[string]any{}
		if tests.form != formObject || tests.object.open != "" {
			*free = or(*free, or(tests.reason().Detail, "a condition"))
			continue
		}
		for _, key := range tests.object.names {
			var unread string
			if x, keep := d.tree(tests.object.members[key], false, &unread); unread == "" && keep {
				kept[key] = x
			} else {
				*free = or(*free, or(unread, "a condition"))
			}
		}
		if len(kept) > 0 {
			out[operator] = kept
		}
	}
	return out
}

// tree writes out a value. What is not resolved is * in it, or, in an element
// that lets in all but what it names, left out.
func (d *drafting) tree(v value, except bool, unread *string) (any, bool) {
	switch v.form {
	case formText:
		s, why := d.r.standIn(v.text, "*")
		*unread = or(*unread, why)
		return s, why == "" || !except
	case formList:
		list := []any{}
		for _, item := range v.list {
			if x, keep := d.tree(item, except, unread); keep {
				list = append(list, x)
			}
		}
		if len(list) == 0 && len(v.list) > 0 {
			return "none:none", true // an empty list would be another mistake
		}
		return list, true
	case formObject:
		m := map[string]any{}
		if v.object.open != "" {
			*unread = or(*unread, v.object.open)
		}
		for _, name := range v.object.names {
			if x, keep := d.tree(v.object.members[name], except, unread); keep {
				m[name] = x
			}
		}
		return m, true
	case formNothing:
		return nil, false
	default:
		*unread = or(*unread, or(v.why, "a part of a policy"))
		if except {
			return "none:none", true
		}
		return "*", true
	}
}
