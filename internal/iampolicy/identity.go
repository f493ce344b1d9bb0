package iampolicy

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Source is one policy of an identity.
type Source struct {
	Name     string
	Document string // JSON
	// DenyOnly says that what it allows is reported elsewhere, while what it denies
	// counts here.
	DenyOnly bool
}

// MayDeny says whether a document may have a statement that denies.
func MayDeny(document string) bool { return strings.Contains(document, `"Deny"`) }

// AWSDenies says of a policy of AWS's own, whose text is not at hand, whether it is
// one of those that are there to deny.
func AWSDenies(name string) bool {
	return strings.HasPrefix(name, "AWSDeny") || strings.HasPrefix(name, "AWSCompromised")
}

// Owner is whose policies they are.
type Owner struct {
	Partition string // aws, aws-cn, aws-us-gov
	Account   string
}

// IdentityGrants returns what the policies of an identity allow on all secrets,
// parameters or keys at once. boundary is its permissions boundary, nil when it
// has none or when nobody knows it.
//
// A Deny counts if it holds without a condition and takes all of it away; so
// does a boundary that does not have it. Anything less leaves the grant: what is
// not understood makes a policy wider here, never narrower. Conditions of an
// Allow are reported and take nothing away.
func IdentityGrants(policies []Source, boundary *Source, owner Owner) model.Grants {
	id := identity{owner: owner}
	for _, p := range policies {
		d, err := ParseIdentity(p.Document)
		if err != nil {
			return model.UnknownGrants(model.Unknown{Reason: model.ReasonFailed, Detail: "policy " + p.Name + " is " + err.Error()})
		}
		for _, s := range d.Statements {
			if p.DenyOnly && s.Effect == "Allow" {
				continue
			}
			// Once, and not for each action that is asked about: AWS's own
			// policies list thousands.
			s.Actions, s.NotActions = lower(s.Actions), lower(s.NotActions)
			written := slices.Concat(s.Resources, s.NotResources)
			d.resolve(&s, owner)
			id.statements = append(id.statements, sourced{p.Name, written, s})
		}
	}
	if boundary != nil {
		d, err := ParseIdentity(boundary.Document)
		if err != nil {
			return model.UnknownGrants(model.Unknown{Reason: model.ReasonFailed, Detail: "permissions boundary " + boundary.Name + " is " + err.Error()})
		}
		for i := range d.Statements {
			d.resolve(&d.Statements[i], owner)
		}
		id.boundary = d
	}
	id.left = id.leaves()
	return model.Grants{
		AdminGrants:         model.Known(id.every(admin())),
		SecretAdminGrants:   model.Known(id.every(secretAdmin())),
		SecretReadGrants:    model.Known(id.some(secretRead())),
		ParameterReadGrants: model.Known(id.some(parameterRead())),
		DecryptGrants:       model.Known(id.some(decrypt())),
		DestroyGrants:       model.Known(id.some(destroy())),
	}
}

// identity is the statements of all policies of an identity.
type identity struct {
	owner      Owner
	statements []sourced
	boundary   *Document
	left       []string // what a boundary or a Deny leaves: all may be allowed there alone
}

type sourced struct {
	policy  string
	written []string // Resources or NotResources with their variables
	Statement
}

// leaves are the patterns outside of which something is denied or not let through.
func (id *identity) leaves() (patterns []string) {
	for _, s := range id.statements {
		if s.Effect == "Deny" {
			patterns = append(patterns, s.NotResources...)
		}
	}
	if id.boundary == nil {
		return patterns
	}
	for _, s := range id.boundary.Statements {
		switch s.Effect {
		case "Deny":
			patterns = append(patterns, s.NotResources...)
		case "Allow":
			patterns = append(patterns, s.Resources...)
		}
	}
	return patterns
}

// every returns the statements that allow all of the wants.
func (id *identity) every(wants []want) []model.Grant { return id.grants(wants, len(wants)) }

// some returns the statements that allow one of the wants or more.
func (id *identity) some(wants []want) []model.Grant { return id.grants(wants, 1) }

// grants returns the statements that allow at least so many of the wants.
func (id *identity) grants(wants []want, least int) []model.Grant {
	list := []model.Grant{}
	for i := range id.statements {
		s := &id.statements[i]
		if s.Effect != "Allow" {
			continue
		}
		var actions, resources []string
		have := 0
		for n, w := range wants {
			if have+len(wants)-n < least {
				break // the rest is not enough
			}
			if by, ok := id.wide(s, w); ok {
				have++
				actions, resources = append(actions, w.shown), append(resources, by...)
			}
		}
		if have >= least {
			list = append(list, model.Grant{
				Policy: s.policy, SID: s.SID, Actions: unique(actions), Resources: unique(resources),
				Conditions: s.conditionKeys(), Limits: s.resourceLimits(),
			})
		}
	}
	return list
}

// wide says whether a statement allows the action on all resources of some
// place, and by which patterns.
func (id *identity) wide(s *sourced, w want) (by []string, ok bool) {
	if !s.does(w.action) {
		return nil, false
	}
	for _, at := range places(slices.Concat(s.Resources, id.left), id.owner) {
		arns := w.probes(at)
		if reachesAll(&s.Statement, arns) && !id.denied(w.action, arns) && id.bounded(w.action, arns) {
			return s.patterns(arns), true
		}
	}
	return nil, false
}

func (id *identity) denied(action string, arns []string) bool {
	return slices.ContainsFunc(id.statements, func(s sourced) bool { return s.denies(action, arns) })
}

// bounded says whether the boundary lets the action through. Whether its
// conditions hold is not asked: they are taken to.
func (id *identity) bounded(action string, arns []string) bool {
	if id.boundary == nil {
		return true
	}
	through := func(s Statement) bool { return s.Effect == "Allow" && s.does(action) && reachesAll(&s, arns) }
	stopped := func(s Statement) bool { return s.denies(action, arns) }
	return slices.ContainsFunc(id.boundary.Statements, through) && !slices.ContainsFunc(id.boundary.Statements, stopped)
}

func (s *Statement) denies(action string, arns []string) bool {
	return s.Effect == "Deny" && len(s.Conditions) == 0 && s.does(action) && reachesAll(s, arns)
}

// patterns are the ones that reach all of the ARNs, as written.
func (s *sourced) patterns(arns []string) (list []string) {
	if len(s.NotResources) > 0 {
		return []string{"everything but " + strings.Join(s.written, ", ")}
	}
	for i, p := range s.Resources {
		if !slices.ContainsFunc(arns, func(arn string) bool { return !match(p, arn) }) {
			list = append(list, s.written[i])
		}
	}
	return list
}

func lower(list []string) []string {
	for i, s := range list {
		list[i] = strings.ToLower(s)
	}
	return list
}

// conditionKeys are the keys of the conditions. One that holds without its key says
// so: that is no limit which a user who accepts the key has in mind. With access
// keys, for one, there is no aws:MultiFactorAuthPresent, and BoolIfExists holds.
func (s *Statement) conditionKeys() []string {
	var keys []string
	for _, c := range s.Conditions {
		key := c.Key
		if (c.ForAll || c.IfExists) && !slices.Contains(alwaysThere(), key) {
			key += " if it is there"
		}
		keys = append(keys, key)
	}
	return unique(keys)
}

// alwaysThere are keys that every signed request has ("AWS global condition context
// keys", Availability).
func alwaysThere() []string {
	return []string{
		"aws:currenttime", "aws:epochtime", "aws:principalaccount", "aws:principalarn", "aws:principaltype",
		"aws:requestedregion", "aws:securetransport", "aws:userid", "aws:viaawsservice",
	}
}
