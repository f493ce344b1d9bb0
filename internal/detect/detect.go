// Package detect says which kinds of credential a plain value holds: the value
// of a String parameter, or of an environment variable.
//
// The value never leaves Classify. What it returns is put together from words
// of this package and of gitleaks' rules alone, so it can hold no part of the
// value; nothing is logged, and a panic inside a library is caught together
// with whatever its message says.
//
// Two things are looked at. The text itself, by gitleaks (a library with rules
// for some two hundred vendors' tokens) and a few rules of our own for what it
// has none: passwords inside URLs, whole private keys however short. And names:
// a variable called DB_PASSWORD that holds a literal is a credential whatever it
// looks like, while DB_SECRET_ARN and PASSWORD_MIN_LENGTH are not.
package detect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Detector classifies values. It is safe for concurrent use.
type Detector struct {
	// scan finds what a text holds by its form. A field, so that a test can
	// make it panic.
	scan   func(text string) []match
	titles map[string]string // by rule id
}

// New prepares the rules, which takes some tens of milliseconds: make one
// detector for a scan.
func New() (*Detector, error) {
	scan, titles, err := newScanner()
	if err != nil {
		return nil, err
	}
	for rule, title := range ownTitles() {
		titles[rule] = title
	}
	return &Detector{scan: scan, titles: titles}, nil
}

// Classify returns the kinds of credential found in the value of something
// that is called name (a parameter, with its path, or a variable), sorted,
// each once; empty when there is none. Place names the sort of field inside the
// value ("password") and is empty for the value as a whole.
//
// A value that a library could not digest is reported as a finding of its own:
// saying nothing of it would pass for saying that it is clean.
func (d *Detector) Classify(name, value string) (found []model.Credential) {
	defer func() {
		// The panic's message may quote the value, so it is dropped unread.
		if recover() != nil {
			found = []model.Credential{d.credential(hit{rule: ruleUnread})}
		}
	}()
	c := &classifier{scan: d.scan}
	c.value(name, value)
	for _, h := range c.hits {
		found = append(found, d.credential(h))
	}
	slices.SortFunc(found, func(a, b model.Credential) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Place, b.Place))
	})
	return slices.Compact(found)
}

func (d *Detector) credential(h hit) model.Credential {
	return model.Credential{Rule: h.rule, Title: d.titles[h.rule], Place: h.place}
}

// hit is one thing found: a rule, and a class of field as its place.
type hit struct{ rule, place string }

// classifier is the work on one value.
type classifier struct {
	scan func(string) []match
	hits []hit
}

// value judges the whole: first by its form, then by its fields, then, if it is
// one literal and nothing more telling was found, by its name.
func (c *classifier) value(name, value string) {
	text := strings.TrimSpace(value)
	if trivial(text) && harmless(nameClass(name), text) {
		return
	}
	c.form(name, text)
	if c.fields(name, text) {
		return
	}
	if len(c.hits) == 0 {
		c.named(name, text, "")
	}
}

// form reports what the text is by its looks.
func (c *classifier) form(name, text string) {
	if len(text) < minForm {
		return
	}
	label := context(name)
	aboutOther := describes(name)
	for _, m := range c.scan(label + text) {
		switch {
		case isReference(m.secret):
			// A URL such as postgres://app:${PASSWORD}@host holds no password.
		case m.start < len(label) && aboutOther:
			// Found only thanks to the name, and the name says that it holds
			// an id or an address: HEROKU_APP_ID is a UUID and no key.
		default:
			c.hits = append(c.hits, hit{rule: m.rule})
		}
	}
	if inner, ok := decode(text); ok {
		for _, m := range c.scan(inner) {
			if !isReference(m.secret) {
				c.hits = append(c.hits, hit{rule: m.rule})
			}
		}
		c.fields("", inner)
	}
}

// minForm is the shortest text that any rule on forms can match.
const minForm = 8

// named reports a literal whose name says that it is a credential.
func (c *classifier) named(name, text, place string) {
	class := nameClass(name)
	pair, hashed := false, false
	if basicAuth(name) {
		pair, hashed = userPassword(text)
	}
	switch {
	case pair:
		class = classSecret
	case hashed, class == classNone, harmless(class, text):
		return
	}
	if place == "" {
		c.hits = append(c.hits, hit{rule: class.rule()})
		return
	}
	c.hits = append(c.hits, hit{rule: class.rule(), place: string(class)})
}
