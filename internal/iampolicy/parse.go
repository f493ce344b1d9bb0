package iampolicy

import "fmt"

// Document is a policy document.
type Document struct {
	Statements []Statement
}

// Statement is one statement. Exactly one of Principal and NotPrincipal is
// set, and one of Actions and NotActions: the policy of a resource needs both.
type Statement struct {
	SID          string // or its place, "#2"
	Effect       string // Allow or Deny
	Principal    *Principals
	NotPrincipal *Principals
	Actions      []string
	NotActions   []string
	Conditions   []Condition // all must hold
}

// Parse reads a policy document. Whatever AWS's grammar does not allow is an
// error, since AWS would not have stored it and nobody can say what it means.
func Parse(doc string) (*Document, error) {
	d, err := parse(doc)
	if err != nil && err != errNotJSON {
		return nil, fmt.Errorf("not valid: %w", err)
	}
	return d, err
}

func parse(doc string) (*Document, error) {
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
	for i, item := range items {
		if d.Statements[i], err = parseStatement(item, i); err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
	}
	return d, nil
}

func parseStatement(item any, place int) (s Statement, err error) {
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
	if s.Principal, err = parsePrincipals(o, "principal"); err != nil {
		return s, err
	}
	if s.NotPrincipal, err = parsePrincipals(o, "notprincipal"); err != nil {
		return s, err
	}
	if (s.Principal == nil) == (s.NotPrincipal == nil) {
		return s, fmt.Errorf("it needs one of Principal and NotPrincipal")
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
