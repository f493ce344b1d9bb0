package fold

import (
	"cmp"
	"strings"
	"unique"

	"github.com/keyproof/keyproof/model"
)

// nature is what kind of principal made a call.
type nature uint8

// The natures. The zero nature is one that the record does not tell.
const (
	natureUnknown nature = iota
	natureHuman
	natureWorkload
	natureService
)

func (n nature) String() string {
	return [...]string{"unknown", "human", "workload", "service"}[n]
}

// principal is who made a call: one string for people, and what kind it is.
type principal struct {
	name   unique.Handle[string]
	nature nature
}

func (a principal) compare(b principal) int {
	return cmp.Or(strings.Compare(a.name.Value(), b.name.Value()), cmp.Compare(a.nature, b.nature))
}

// principalOf says who made a call ("CloudTrail userIdentity element"):
//
//   - service: an AWS service by itself, or on behalf of whomever: the value goes to
//     the service. "AWS Internal" is no such service: calls from the console have it.
//   - human: a console session, the root user, an IAM user, a federated or Identity
//     Center user, the session of a role that Identity Center made, a session opened
//     with a second factor, and one that is named like a mail address, as identity
//     providers do.
//   - workload: any other session of a role. Of one that a person opened with the
//     command line, without a second factor, nothing says so.
//   - unknown: what the record does not tell, such as a principal of another account
//     that is shown by its account alone.
func principalOf(e *model.Event) principal {
	p := &e.Principal
	kind := p.Type.Or("")
	service := p.InvokedBy.Or("")
	switch {
	case kind == "AWSService", strings.HasSuffix(service, ".amazonaws.com"):
		return named(cmp.Or(service, e.SourceIP.Or(""), p.Who()), natureService)
	case strings.Contains(p.Issuer.Or(""), ":role/aws-service-role/"):
		return named(p.Issuer.Or(""), natureService)
	case e.Console.Or(false):
		return named(person(p), natureHuman)
	}
	switch kind {
	case "Root", "IAMUser", "FederatedUser", "SAMLUser", "WebIdentityUser", "IdentityCenterUser", "Directory":
		return named(person(p), natureHuman)
	case "AssumedRole", "Role", "AWSAccount":
		return session(p, kind)
	default:
		return named(person(p), natureUnknown)
	}
}

// session tells the sessions of people from those of workloads.
func session(p *model.EventPrincipal, kind string) principal {
	_, name, ok := strings.Cut(p.ID.Or(""), ":") // AROA…:session
	if !ok {
		parts := strings.Split(p.ARN.Or(""), "/")
		name = parts[len(parts)-1]
	}
	switch {
	case kind == "AWSAccount" && !ok && !strings.HasPrefix(p.ID.Or(""), "AIDA"):
		return named(person(p), natureUnknown)
	case strings.HasPrefix(p.ID.Or(""), "AIDA"), // an IAM user of another account
		p.MFA.Or(false), strings.Contains(name, "@"), identityCenter(p):
		return named(person(p), natureHuman)
	default:
		return named(cmp.Or(p.Issuer.Or(""), role(p.ARN.Or("")), p.Who()), natureWorkload)
	}
}

// identityCenter tells the roles that IAM Identity Center makes for its permission
// sets, whose names it reserves (IAM Identity Center User Guide, "Referencing
// permission sets in resource policies").
func identityCenter(p *model.EventPrincipal) bool {
	return strings.Contains(p.Issuer.Or(""), "/AWSReservedSSO_") || strings.Contains(p.ARN.Or(""), ":assumed-role/AWSReservedSSO_")
}

// role is the ARN of a session without the session's name, so that the thousands of
// sessions of a workload are one principal.
func role(session string) string {
	if before, rest, ok := strings.Cut(session, ":assumed-role/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		return before + ":assumed-role/" + name
	}
	return session
}

// person is the session or user itself: behind a role shared by many, the name of
// the session is all that tells who it was.
func person(p *model.EventPrincipal) string {
	return cmp.Or(p.ARN.Or(""), p.UserName.Or(""), p.ID.Or(""), p.Who())
}

func named(name string, n nature) principal { return principal{unique.Make(name), n} }
