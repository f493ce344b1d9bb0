package iampolicy

import (
	"fmt"
	"regexp"
	"strings"
)

// Principals are those that a statement names. "*" and {"AWS": "*"} mean the
// same in the policy of a resource (IAM User Guide, "All principals").
type Principals struct {
	AWS       []string // "*", account ids, ARNs, unique ids
	Service   []string
	Federated []string
	Canonical []string
}

const everyone = "*"

func parsePrincipals(o object, element string) (*Principals, error) {
	switch v := o[element].(type) {
	case nil:
		if _, ok := o[element]; ok {
			return nil, fmt.Errorf("the %s is null", element)
		}
		return nil, nil
	case string:
		if v != everyone {
			return nil, fmt.Errorf("the %s is a string other than *", element)
		}
		return &Principals{AWS: []string{everyone}}, nil
	case object:
		if err := v.only("aws", "service", "federated", "canonicaluser"); err != nil {
			return nil, err
		}
		var p Principals
		for kind, into := range map[string]*[]string{
			"aws": &p.AWS, "service": &p.Service, "federated": &p.Federated, "canonicaluser": &p.Canonical,
		} {
			list, err := v.strings(kind)
			if err != nil {
				return nil, err
			}
			*into = list
		}
		return &p, nil
	default:
		return nil, fmt.Errorf("the %s is neither * nor an object", element)
	}
}

// deletedID is what AWS shows for a user or role that no longer exists: its
// unique id. It lets in nobody, not even a new role of the same name (IAM User
// Guide, "AWS JSON policy elements: Principal").
var deletedID = regexp.MustCompile(`^(AIDA|AROA)[A-Z0-9]{12,}$`)

// everyone says whether the principals are everyone. A wildcard within an ARN
// is not allowed by AWS; a file may have it, and then it counts as everyone
// unless the account is fixed.
func (p *Principals) everyone() bool {
	for _, v := range p.AWS {
		if v == everyone || wild(v) && accountOf(v) == "" {
			return true
		}
	}
	for _, v := range append(p.Service[:len(p.Service):len(p.Service)], p.Federated...) {
		if wild(v) && accountOf(v) == "" {
			return true
		}
	}
	return false
}

// accounts returns the accounts of the principals, and whether that is all of
// them: false when some principal cannot be attributed to an account.
func (p *Principals) accounts() (ids []string, all bool) {
	all = len(p.Canonical) == 0
	for _, v := range p.AWS {
		switch id := accountOf(v); {
		case id != "":
			ids = append(ids, id)
		case wild(v), deletedID.MatchString(v):
		default:
			all = false
		}
	}
	// Built-in web identity providers belong to no account, and only a role's
	// trust policy can name them.
	for _, v := range p.Federated {
		if id := accountOf(v); id != "" {
			ids = append(ids, id)
		}
	}
	return ids, all
}

// accountOf returns the account of a principal, or "": of an account id or of
// an ARN of any partition.
func accountOf(principal string) string {
	if accountID.MatchString(principal) {
		return principal
	}
	part := strings.SplitN(principal, ":", 6)
	if len(part) == 6 && part[0] == "arn" && accountID.MatchString(part[4]) {
		return part[4]
	}
	return ""
}
