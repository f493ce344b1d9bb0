package model

import (
	"cmp"
	"regexp"
	"strings"
)

// Actor is who made a call: one string for people, and what kind it is.
type Actor struct {
	Name string
	Kind ActorKind
}

// ActorKind is a kind of Actor.
type ActorKind uint8

// The kinds. The zero kind is one that the record does not tell.
const (
	ActorUnknown ActorKind = iota
	ActorHuman
	ActorWorkload
	ActorService
)

func (k ActorKind) String() string {
	return [...]string{"unknown", "human", "workload", "service"}[k]
}

// Actor says who made a call ("CloudTrail userIdentity element"):
//
//   - service: an AWS service by itself, or on behalf of whomever: the value goes to
//     the service. "AWS Internal" is no such service: calls from the console have it.
//   - human: a console session, the root user, an IAM user, a federated or Identity
//     Center user, the session of a role that Identity Center made, a session opened
//     with a second factor, and one that is named like a mail address, as identity
//     providers do.
//   - workload: any other session of a role. Of one that a person opened with the
//     command line, without a second factor, nothing says so.
//   - unknown: what the record does not tell, such as the session of a role of another
//     account, of which neither the role nor a second factor is shown; that of an EC2
//     instance has the name of the instance.
func (e *Event) Actor() Actor {
	p := &e.Principal
	kind := p.Type.Or("")
	service := p.InvokedBy.Or("")
	switch {
	case kind == "AWSService", strings.HasSuffix(service, ".amazonaws.com"):
		return actor(cmp.Or(service, e.SourceIP.Or(""), p.Who()), ActorService)
	case strings.Contains(p.Issuer.Or(""), ":role/aws-service-role/"):
		return actor(p.Issuer.Or(""), ActorService)
	case e.Console.Or(false):
		return actor(person(p), ActorHuman)
	}
	switch kind {
	case "Root", "IAMUser", "FederatedUser", "SAMLUser", "WebIdentityUser", "IdentityCenterUser", "Directory":
		return actor(person(p), ActorHuman)
	case "AssumedRole", "Role", "AWSAccount":
		a := session(p, kind)
		if a.Kind == ActorWorkload && (e.Console.State() == StateUnknown || p.ARN.State() == StateUnknown && p.Issuer.State() == StateUnknown) {
			a.Kind = ActorUnknown // what would tell a person is not known
		}
		return a
	default:
		return actor(person(p), ActorUnknown)
	}
}

var instance = regexp.MustCompile(`^i-[0-9a-f]+$`)

// session tells the sessions of people from those of workloads.
func session(p *EventPrincipal, kind string) Actor {
	_, name, ok := strings.Cut(p.ID.Or(""), ":") // AROA…:session
	if !ok {
		parts := strings.Split(p.ARN.Or(""), "/")
		name = parts[len(parts)-1]
	}
	switch {
	case kind == "AWSAccount" && !ok && !strings.HasPrefix(p.ID.Or(""), "AIDA"):
		return actor(person(p), ActorUnknown)
	case strings.HasPrefix(p.ID.Or(""), "AIDA"), // an IAM user of another account
		p.MFA.Or(false), strings.Contains(name, "@"), identityCenter(p):
		return actor(person(p), ActorHuman)
	case kind == "AWSAccount" && !instance.MatchString(name):
		return actor(p.Who(), ActorUnknown)
	default:
		return actor(cmp.Or(p.Issuer.Or(""), role(p.ARN.Or("")), p.Who()), ActorWorkload)
	}
}

// identityCenter tells the roles that IAM Identity Center makes for its permission
// sets, whose names it reserves (IAM Identity Center User Guide, "Referencing
// permission sets in resource policies").
func identityCenter(p *EventPrincipal) bool {
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
func person(p *EventPrincipal) string {
	return cmp.Or(p.ARN.Or(""), p.UserName.Or(""), p.ID.Or(""), p.Who())
}

func actor(name string, kind ActorKind) Actor { return Actor{name, kind} }
