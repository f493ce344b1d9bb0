package iampolicy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ServiceSources returns for which sources a policy lets an AWS service do an
// action: patterns of aws:SourceArn, ["*"] when any source of the owner's
// account may, and [] when none may. owner is the account of the sources.
//
// Unlike Facts it errs on the side of "may not", and returns an error where the
// answer hangs on a condition that it does not understand: the question is
// whether something works, and a wrong yes would hide that it does not.
//
// The Resource element is not read: the policies that are asked about are those
// of the resource itself.
func ServiceSources(doc, service, action, owner string) ([]string, error) {
	if strings.TrimSpace(doc) == "" {
		return []string{}, nil
	}
	d, err := Parse(doc)
	if err != nil {
		return nil, fmt.Errorf("read policy: policy is %w", err)
	}
	var allowed []string
	var unsure error
	for _, s := range d.Statements {
		if !s.covers(service, action) {
			continue
		}
		sources, applies, err := s.sources(service, owner)
		switch {
		case err != nil:
			unsure = err
		case !applies:
		case s.Effect == "Allow":
			allowed = append(allowed, sources...)
		case slices.Contains(sources, everyone):
			return []string{}, nil // a Deny of everything ends the matter
		default:
			unsure = fmt.Errorf("statement %s denies some sources", s.SID)
		}
	}
	if unsure != nil {
		return nil, fmt.Errorf("judge policy: %w", unsure)
	}
	if slices.Contains(allowed, everyone) {
		return []string{everyone}, nil
	}
	return unique(allowed), nil
}

// covers says whether the statement is about a service doing an action.
func (s *Statement) covers(service, action string) bool {
	if len(s.Actions) > 0 && !matchAny(s.Actions, action) || len(s.NotActions) > 0 && matchAny(s.NotActions, action) {
		return false
	}
	if s.NotPrincipal != nil {
		return !slices.Contains(s.NotPrincipal.Service, service)
	}
	return slices.Contains(s.Principal.AWS, everyone) || matchAny(s.Principal.Service, service)
}

var errCondition = errors.New("depends on a condition that cannot be judged")

// sources returns the patterns of sources for which the conditions hold when
// the service calls for something of the owner's account; applies is false when
// they never hold.
func (s *Statement) sources(service, owner string) (patterns []string, applies bool, err error) {
	patterns = []string{everyone}
	for _, c := range s.Conditions {
		switch c.Key {
		case "aws:sourceaccount":
			holds, ok := c.compare(owner)
			if !ok {
				return nil, false, fmt.Errorf("statement %s %w: %s", s.SID, errCondition, c.Key)
			}
			if !holds {
				return nil, false, nil
			}
		case "aws:principalservicename":
			holds, ok := c.compare(service)
			if !ok {
				return nil, false, fmt.Errorf("statement %s %w: %s", s.SID, errCondition, c.Key)
			}
			if !holds {
				return nil, false, nil
			}
		case "aws:sourcearn":
			list, ok := c.sourcePatterns()
			if !ok || patterns[0] != everyone {
				return nil, false, fmt.Errorf("statement %s %w: %s", s.SID, errCondition, c.Key)
			}
			if len(list) == 0 {
				return nil, false, nil
			}
			patterns = list
		default:
			return nil, false, fmt.Errorf("statement %s %w: %s", s.SID, errCondition, c.Key)
		}
	}
	return patterns, true, nil
}

// compare says whether the condition holds for a value of the request, and
// whether that could be told.
func (c Condition) compare(value string) (holds, ok bool) {
	fold := func(v string) bool { return strings.EqualFold(v, value) }
	like := func(v string) bool { return match(v, value) }
	same := func(v string) bool { return v == value }
	if slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, "${") }) {
		return false, false
	}
	switch c.Operator {
	case "stringequals":
		return slices.ContainsFunc(c.Values, same), true
	case "stringequalsignorecase":
		return slices.ContainsFunc(c.Values, fold), true
	case "stringlike":
		return slices.ContainsFunc(c.Values, like), true
	case "stringnotequals":
		return !slices.ContainsFunc(c.Values, same), true
	case "stringnotequalsignorecase":
		return !slices.ContainsFunc(c.Values, fold), true
	case "stringnotlike":
		return !slices.ContainsFunc(c.Values, like), true
	}
	return false, false
}

// sourcePatterns returns the values of a positive condition on aws:SourceArn.
func (c Condition) sourcePatterns() ([]string, bool) {
	if !c.equals() || c.Operator == "ipaddress" || slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, "${") }) {
		return nil, false
	}
	var list []string
	for _, v := range c.Values {
		// StringEquals takes a wildcard literally, and no ARN has one.
		if strings.HasPrefix(c.Operator, "stringequals") && wild(v) {
			continue
		}
		list = append(list, v)
	}
	return list, true
}
