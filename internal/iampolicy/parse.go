package iampolicy

import "fmt"

// Document is a policy document.
type Document struct {
	Version    string // of the language; empty when it does not say
	Statements []Statement
}

// Statement is one statement. One of Actions and NotActions is set. The policy
// of a resource has one of Principal and NotPrincipal; that of an identity has
// neither, and has one of Resources and NotResources, which are not read of a
// resource's policy.
type Statement struct {
	SID          string // or its place, "#2"
	Effect       string // Allow or Deny
	Principal    *Principals
	NotPrincipal *Principals
	Actions      []string
	NotActions   []string
	Resources    []string
	NotResources []string
	Conditions   []Condition // all must hold
}

// Parse reads the policy of a resource. Whatever AWS's grammar does not allow is
// an error, since AWS would not have stored it and nobody can say what it means.
func Parse(doc string) (*Document, error) { return read(doc, (*Statement).readPrincipals) }

// ParseIdentity reads the policy of an identity, in the same manner.
func ParseIdentity(doc string) (*Document, error) { return read(doc, (*Statement).readResources) }

// side reads the elements that only one of the two sorts of policy has.
type side func(*Statement, object) error

func read(doc string, other side) (*Document, error) {
	d, err := parse(doc, other)
	if err != nil && err != errNotJSON {
		return nil, fmt.Errorf("not valid: %w", err)
	}
	return d, err
}

func parse(doc string, other side) (*Document, error) {
	root, err := readTree(doc)
	if err != nil {
		return nil, err
	}
	top, ok := root.(object)
	if !ok {
		return nil, fmt.Errorf("the document is not an object")
	}
	if err := top.only("version", "id", "statement"); err != nil {
		return nil, err
	}
	list, ok := top["statement"]
	if !ok {
		return nil, fmt.Errorf("there is no Statement")
	}
	// A single statement may stand without brackets.
	items, ok := list.([]any)
	if !ok {
		items = []any{list}
	}
	d := &Document{Statements: make([]Statement, len(items))}
	d.Version, _ = top["version"].(string)
	for i, item := range items {
		if d.Statements[i], err = parseStatement(item, i, other); err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
	}
	return d, nil
}

func parseStatement(item any, place int, other side) (s Statement, err error) {
	o, ok := item.(object)
	if !ok {
		return s, fmt.Errorf("not an object")
	}
	if err := o.only("sid", "effect", "principal", "notprincipal", "action", "notaction",
		"resource", "notresource", "condition"); err != nil {
		return s, err
	}
	if s.SID, _ = o["sid"].(string); s.SID == "" {
		s.SID = fmt.Sprintf("#%d", place+1)
	}
	// The values of Effect are case-sensitive (IAM User Guide, "Effect").
	if s.Effect, _ = o["effect"].(string); s.Effect != "Allow" && s.Effect != "Deny" {
		return s, fmt.Errorf("the Effect is neither Allow nor Deny")
	}
	if err := other(&s, o); err != nil {
		return s, err
	}
	if s.Actions, err = o.strings("action"); err != nil {
		return s, err
	}
	if s.NotActions, err = o.strings("notaction"); err != nil {
		return s, err
	}
	if (len(s.Actions) == 0) == (len(s.NotActions) == 0) {
		return s, fmt.Errorf("it needs one of Action and NotAction")
	}
	s.Conditions, err = parseConditions(o["condition"])
	return s, err
}

func (s *Statement) readPrincipals(o object) (err error) {
	if s.Principal, err = parsePrincipals(o, "principal"); err != nil {
		return err
	}
	if s.NotPrincipal, err = parsePrincipals(o, "notprincipal"); err != nil {
		return err
	}
	if (s.Principal == nil) == (s.NotPrincipal == nil) {
		return fmt.Errorf("it needs one of Principal and NotPrincipal")
	}
	return nil
}

func (s *Statement) readResources(o object) (err error) {
	for _, element := range []string{"principal", "notprincipal"} {
		if _, ok := o[element]; ok {
			return fmt.Errorf("the policy of an identity names no principal")
		}
	}
	if s.Resources, err = o.strings("resource"); err != nil {
		return err
	}
	if s.NotResources, err = o.strings("notresource"); err != nil {
		return err
	}
	if (len(s.Resources) == 0) == (len(s.NotResources) == 0) {
		return fmt.Errorf("it needs one of Resource and NotResource")
	}
	return nil
}
