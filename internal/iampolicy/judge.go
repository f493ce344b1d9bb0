package iampolicy

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// judge reduces a statement to what can be judged. all is false when it names
// a principal that cannot be attributed to an account; networks are those that
// anyone has to come through, when nothing else says who.
func (s *Statement) judge(owner string) (_ model.PolicyStatement, all bool, networks []string) {
	m := model.PolicyStatement{SID: s.SID, Effect: s.Effect, Actions: s.actions(), Services: []string{}}
	var keys []string
	for _, c := range s.Conditions {
		keys = append(keys, c.Key)
	}
	m.Conditions = unique(keys)

	// NotPrincipal with Allow lets in everyone but those it names.
	anyone := s.NotPrincipal != nil || s.Principal.everyone()
	all = true
	var named []string
	if s.Principal != nil {
		named, all = s.Principal.accounts()
		m.Services = unique(s.Principal.Service)
	}
	limits := s.limits()
	m.Accounts, m.Services = narrow(anyone, named, m.Services, limits)
	m.Accounts = slices.DeleteFunc(m.Accounts, func(id string) bool { return id == owner })
	if s.Effect == "Allow" && anyone && len(limits) == 0 {
		m.Public, m.Why = true, s.why()
	}
	if s.Effect == "Allow" && anyone {
		networks = onlyNetworks(limits)
	}
	return m, all, networks
}

// onlyNetworks are the networks of conditions that choose nothing but networks.
// That is not public as AWS defines it, and lets in "any principal in any
// account that has permission to access the listed VPC" (IAM User Guide,
// "Reviewing findings" of IAM Access Analyzer, which reports it): whose network
// it is says nothing about who calls through it.
func onlyNetworks(limits []audience) (list []string) {
	for _, a := range limits {
		if a.of != network {
			return nil
		}
		list = append(list, a.values...)
	}
	return list
}

// actions are the actions of the statement. NotAction is all but a few: of an
// Allow that reads as everything, of a Deny as nothing, so that neither is
// taken for milder than it is.
func (s *Statement) actions() []string {
	switch {
	case len(s.NotActions) == 0:
		return unique(s.Actions)
	case s.Effect == "Allow":
		return []string{"*"}
	default:
		return []string{}
	}
}

// limits are the conditions that restrict who calls. All must hold, so that
// each of them alone is enough to keep the public out.
func (s *Statement) limits() []audience {
	var list []audience
	for _, c := range s.Conditions {
		if a, ok := c.audience(); ok {
			list = append(list, a)
		}
	}
	return list
}

// narrow returns the accounts and organizations, and the services, that the
// conditions leave of those that the principals name. An account is let in as
// the caller's or as the one for which a service calls; the owner of a network is
// neither.
func narrow(anyone bool, named, services []string, limits []audience) (accounts, left []string) {
	groups := map[aspect]*group{
		caller:  {accounts: named, open: anyone},
		source:  {open: anyone || len(services) > 0},
		network: {},
	}
	for _, a := range limits {
		groups[a.of].restrict(a)
		if a.of == source && !a.fixed && len(a.accounts) > 0 {
			// A caller that is no service has no source, and is kept out.
			groups[caller].accounts = intersect(groups[caller].accounts, a.accounts)
			groups[caller].open = false
		}
		services = append(services[:len(services):len(services)], a.services...)
	}
	accounts = slices.Concat(groups[caller].all(), groups[source].all())
	return unique(accounts), unique(services)
}

// group is whom a statement lets in by one aspect of a request.
type group struct {
	accounts, orgs []string
	open           bool // no condition has chosen among the accounts
}

func (g *group) restrict(a audience) {
	switch {
	case len(a.accounts) > 0 && !a.fixed && g.open:
		// Those that are named beside * are under the condition as well.
		g.accounts, g.open = a.accounts, false
	case len(a.accounts) > 0 && !a.fixed:
		g.accounts = intersect(g.accounts, a.accounts)
	case len(a.accounts) > 0:
		g.accounts = slices.Concat(g.accounts, a.accounts)
	}
	g.orgs = append(g.orgs, a.orgs...)
}

// all are the accounts, and the organizations unless accounts were chosen.
func (g *group) all() []string {
	if !g.open {
		return g.accounts
	}
	return slices.Concat(g.accounts, g.orgs)
}

func intersect(a, b []string) []string {
	var both []string
	for _, x := range a {
		if slices.Contains(b, x) {
			both = append(both, x)
		}
	}
	return both
}

// why says why an Allow is public.
func (s *Statement) why() string {
	who := "Principal is *"
	if s.NotPrincipal != nil {
		who = "NotPrincipal lets in everyone that it does not name"
	}
	if len(s.Conditions) == 0 {
		return who + " and there is no condition"
	}
	var keys []string
	for _, c := range s.Conditions {
		keys = append(keys, c.Key)
	}
	return who + " and no condition restricts who calls: " + strings.Join(unique(keys), ", ")
}
