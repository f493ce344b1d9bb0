package cloudformation

import (
	"encoding/json"
	"strings"
)

// policy is a policy document in two readings: as widely as its unresolved parts
// allow, and as narrowly. What both say is known.
type policy struct {
	name         string
	open, closed string
	// why is the first expression that the readings differ by; empty for none.
	// principals says that some Allow does not tell whom it lets in.
	why        string
	principals bool
	denyOnly   bool // see iampolicy.Source
}

// document reads a policy. identity says that it is one of an identity, whose
// Resource counts and which has no Principal.
func (r *reader) document(v value, identity bool) policy {
	d := &drafting{r: r, identity: identity}
	if s, unresolved := r.standIn(v.text, "*"); v.form == formText && unresolved == "" {
		return policy{open: s, closed: s} // JSON as a text
	}
	var list []value
	switch statements := v.get("Statement"); {
	case v.form != formObject, v.object.open != "", statements.form == formUnknown:
		d.whole(v.get("Statement"))
	default:
		list, _, _ = entries(statements)
	}
	for _, s := range list {
		d.statement(s)
	}
	return policy{open: render(v, d.open), closed: render(v, d.closed), why: d.why, principals: d.principals}
}

// render keeps what else the document has, so that a member that the grammar
// does not have is seen.
func render(v value, statements []any) string {
	doc := map[string]any{"Statement": statements}
	if statements == nil {
		doc["Statement"] = []any{}
	}
	if v.form == formObject {
		for _, name := range v.object.names {
			if !strings.EqualFold(name, "Statement") {
				doc[name], _ = v.object.members[name].text.literal()
			}
		}
	}
	raw, err := json.Marshal(doc)
	if err != nil { // texts, lists and objects of them always marshal
		return ""
	}
	return string(raw)
}

// drafting makes the two readings.
type drafting struct {
	r            *reader
	identity     bool
	open, closed []any
	why          string
	principals   bool
	maybe        bool // what is being read may be there or not
}

func (d *drafting) differ(why string) {
	if d.why == "" {
		d.why = or(why, "a part of a policy")
	}
}

// whole is a statement, or several, of which nothing is known, but that they may
// be one of some.
func (d *drafting) whole(v value) {
	d.differ(v.reason().Detail)
	d.principals = true
	if d.identity {
		d.open = append(d.open, map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"})
		d.closed = append(d.closed, map[string]any{"Effect": "Deny", "Action": "*", "Resource": "*"})
		return
	}
	d.open = append(d.open, map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*"})
}
