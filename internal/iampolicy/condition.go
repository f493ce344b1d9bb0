package iampolicy

import (
	"fmt"
	"slices"
	"strings"
)

// Condition is one test of a statement. It holds if one of the values matches.
type Condition struct {
	Operator string // lower case, without set prefix and IfExists: "stringequals"
	Key      string // lower case
	Values   []string
	AnyValue bool // ForAnyValue: some value of the request matches one of Values
	// ForAll and IfExists hold too when the request does not have the key (IAM
	// User Guide, "Set operators" and "…IfExists condition operators").
	ForAll   bool
	IfExists bool
}

func newCondition(operator, key string, values []string) Condition {
	c := Condition{Operator: strings.ToLower(operator), Key: strings.ToLower(key), Values: values}
	c.Operator, c.ForAll = strings.CutPrefix(c.Operator, "forallvalues:")
	c.Operator, c.AnyValue = strings.CutPrefix(c.Operator, "foranyvalue:")
	c.Operator, c.IfExists = strings.CutSuffix(c.Operator, "ifexists")
	return c
}

// parseConditions returns the conditions ordered by operator and key.
func parseConditions(v any) ([]Condition, error) {
	if v == nil {
		return nil, nil
	}
	operators, ok := v.(object)
	if !ok {
		return nil, fmt.Errorf("the Condition is not an object")
	}
	var list []Condition
	for operator, tests := range operators {
		keys, ok := tests.(object)
		if !ok {
			return nil, fmt.Errorf("a condition operator is not an object")
		}
		for key := range keys {
			values, err := keys.strings(key)
			if err != nil {
				return nil, err
			}
			list = append(list, newCondition(operator, key, values))
		}
	}
	slices.SortFunc(list, func(a, b Condition) int {
		return strings.Compare(a.Key+" "+a.operator(), b.Key+" "+b.operator())
	})
	return list, nil
}

// operator is the whole operator, to order by.
func (c Condition) operator() string {
	s := c.Operator
	if c.ForAll {
		s += " all"
	}
	if c.AnyValue {
		s += " any"
	}
	if c.IfExists {
		s += " if"
	}
	return s
}

// equals says whether the operator demands one of the values. The negated
// ones, Null, Bool, dates and numbers do not say who may call.
func (c Condition) equals() bool {
	switch c.Operator {
	case "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress":
		return true
	}
	return false
}

// byPart says whether the operator compares ARNs part by part, so that a
// wildcard cannot reach over a colon ("Amazon Resource Name (ARN) condition
// operators"; ArnEquals and ArnLike behave alike).
func (c Condition) byPart() bool { return strings.HasPrefix(c.Operator, "arn") }

// needsKey says whether the condition fails when the request lacks the key.
func (c Condition) needsKey() bool {
	if !c.ForAll && !c.IfExists {
		return true
	}
	// These are in every request, of anonymous callers too ("AWS global
	// condition context keys"); aws:PrincipalArn is not.
	return c.Key == "aws:principalaccount" || c.Key == "aws:userid"
}

// audience is to whom a condition restricts a statement.
type audience struct {
	of       aspect
	accounts []string // these accounts only
	orgs     []string // these organizations only
	services []string // these AWS services only
	fixed    bool     // something else that is fixed: addresses, a VPC, a bucket
	values   []string // as the condition has them
}

// aspect is what of a request a key tells the owner of.
type aspect int

const (
	caller  aspect = iota // of the principal
	source                // of that for which an AWS service calls; the calls of others have no such key
	network               // of the network that the call comes through, whoever calls
)

func aspectOf(key string) aspect {
	switch {
	case key == "aws:sourceip", strings.HasPrefix(key, "aws:vpce"), strings.HasPrefix(key, "aws:sourcevpc"):
		return network
	case strings.HasPrefix(key, "aws:source"):
		return source
	}
	return caller
}

// audience returns to whom the condition restricts the callers, and whether it
// does. It does if each of its values is fixed: values are alternatives, and
// one that anybody fits makes the others void.
func (c Condition) audience() (audience, bool) {
	read, ok := keys[c.Key]
	if !ok || !c.equals() || !c.needsKey() || len(c.Values) == 0 {
		return audience{}, false
	}
	all := audience{of: aspectOf(c.Key), values: c.Values}
	for _, v := range c.Values {
		if strings.Contains(v, "${") { // a policy variable: the caller's own value
			return audience{}, false
		}
		a, ok := read(c, v)
		if !ok {
			return audience{}, false
		}
		all.accounts = append(all.accounts, a.accounts...)
		all.orgs = append(all.orgs, a.orgs...)
		all.services = append(all.services, a.services...)
		all.fixed = all.fixed || a.fixed
	}
	return all, true
}
