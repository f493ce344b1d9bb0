package model

import (
	"strings"
	"time"
)

// EventView is what rules see of an event, one flat list: the event's own values,
// those of the principal and the request with a prefix (principal_arn,
// request_policy), and what follows from them.
type EventView struct {
	Source Value[string] `json:"source" doc:"the service, such as secretsmanager.amazonaws.com"`
	Name   Value[string] `json:"name" doc:"the call, or the name of a service's own event"`
	Event

	Who              Value[string]   `json:"who" doc:"the role or user behind a session, else the principal itself, else the service"`
	Human            Value[bool]     `json:"human" doc:"a person, as far as credentials tell: root, an IAM user, a console session, a role of IAM Identity Center, a federated user, or a session with a second factor or the name of a mail address; not a service that calls for one"`
	PrincipalOutside Value[bool]     `json:"principal_outside" doc:"the principal's account is neither the event's, nor one that the scan reads, nor listed in its organization; absent for services"`
	PolicyOutside    Value[[]string] `json:"request_policy_outside" doc:"those of request_policy_accounts that the scan neither reads nor lists as a member; [] when there are none"`
	// PolicyOutsiders is to PolicyOutside what Outsiders is to OutsideAccounts.
	PolicyOutsiders  Value[[]Outsider] `json:"request_policy_outsiders" doc:"those of request_policy_accounts that are not known to be inside; [] when there are none"`
	GranteeOutside   Value[bool]       `json:"request_grantee_outside" doc:"the grantee is everyone, another organization, or of an account that is neither the event's, nor read by the scan, nor listed in its organization"`
	RotationFunction Value[bool]       `json:"rotation_function" doc:"the event is about a function that rotates a secret of the scan, or that is named so"`
	TrailBucket      Value[bool]       `json:"trail_bucket" doc:"the event is about a bucket that a trail of the scan delivers to, or that is named as the console names such buckets"`
}

// Kind returns KindEvent.
func (*EventView) Kind() Kind { return KindEvent }

// Derive does nothing: an event does not age.
func (*EventView) Derive(time.Time) {}

// EventContext is what a scan knows beside an event.
type EventContext struct {
	Inside           func(account string) bool               // the scan reads the account, or lists it in the organization
	OwnOrganization  func(id string) Value[bool]             // an account of the scan is in the organization
	TrailBucket      func(name string) Value[bool]           // a trail of the scan delivers to the bucket
	RotationFunction func(e *Event, name string) Value[bool] // a secret of the scan names the function as the one that rotates it
}

// View makes what rules see of an event.
func (e *Event) View(c EventContext) *EventView {
	v := &EventView{Source: Known(e.Source), Name: Known(e.Name), Event: *e}
	v.Who = e.Principal.who()
	v.Human = e.human()
	outside := func(account string) bool { return account != e.Account.Or("") && !c.Inside(account) }
	v.PrincipalOutside = mapValue(e.Principal.Account, outside)
	v.PolicyOutside, v.PolicyOutsiders = letInOutside(e.Request.PolicyAccounts, outside, c.OwnOrganization)
	v.GranteeOutside = grantee(e.Request.Grantee, outside, c.OwnOrganization)
	if e.Account.State() != StateKnown { // nothing to compare with
		v.PrincipalOutside, v.PolicyOutside, v.GranteeOutside = Missing[bool](e.Account.Why()), Missing[[]string](e.Account.Why()), Missing[bool](e.Account.Why())
		v.PolicyOutsiders = Missing[[]Outsider](e.Account.Why())
	}
	v.TrailBucket = e.about(func(name string) Value[bool] {
		if strings.HasPrefix(name, "aws-cloudtrail-logs-") { // the console's own choice
			return Known(true)
		}
		return c.TrailBucket(name)
	})
	v.RotationFunction = e.about(func(name string) Value[bool] {
		if strings.Contains(strings.ToLower(name), "rotat") {
			return Known(true)
		}
		return c.RotationFunction(e, name)
	})
	return v
}

// letInOutside are those whom a policy lets in that are outside: accounts, and
// organizations, of which one's own is inside.
func letInOutside(in Value[[]string], outside func(account string) bool, own func(organization string) Value[bool]) (Value[[]string], Value[[]Outsider]) {
	letIn, known := in.Get()
	if !known {
		return in, mapValue(in, func([]string) []Outsider { return nil })
	}
	return FindOutsiders(letIn, nil, func(id string) Value[bool] {
		if strings.HasPrefix(id, "o-") {
			return own(id)
		}
		return Known(!outside(id))
	})
}

// about is true when one of the targets is what is asked about, and false only
// when none of them can be.
func (e *Event) about(is func(name string) Value[bool]) Value[bool] {
	names, ok := e.Targets.Get()
	if !ok {
		return mapValue(e.Targets, func([]string) bool { return false })
	}
	all := Known(false)
	for _, name := range names {
		found := is(name)
		if yes, _ := found.Get(); yes {
			return found
		}
		if found.State() == StateUnknown {
			all = found
		}
	}
	return all
}

// grantee says whether who is granted something is outside: an ARN, an account, an
// organization, a service or everyone ("*").
func grantee(who Value[string], outside func(string) bool, own func(organization string) Value[bool]) Value[bool] {
	text, ok := who.Get()
	account := accountOf(who).Or("")
	switch {
	case !ok && who.State() == StateAbsent:
		return None[bool]()
	case !ok:
		return Missing[bool](who.Why())
	case text == "*":
		return Known(true)
	case strings.HasSuffix(text, ".amazonaws.com"), strings.HasSuffix(text, ".amazonaws.com.cn"):
		return Known(false)
	case strings.HasPrefix(text, "o-"):
		return mapValue(own(text), func(own bool) bool { return !own })
	case isAccount(text):
		return Known(outside(text))
	case isAccount(account):
		return Known(outside(account))
	default:
		return Missing[bool](Unknown{Reason: ReasonNotInSource, Detail: "the grantee is of no known account"})
	}
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// who is Who, unknown where what would come first is unknown.
func (p *EventPrincipal) who() Value[string] {
	for _, v := range []Value[string]{p.Issuer, p.ARN, p.InvokedBy, p.UserName, p.ID, p.Type} {
		if v.State() == StateUnknown {
			return v
		}
		if text, ok := v.Get(); ok && text != "" {
			return v
		}
	}
	return Known("nobody named")
}

// human says whether the actor is a person, as far as the record tells.
func (e *Event) human() Value[bool] {
	switch e.Actor().Kind {
	case ActorHuman:
		return Known(true)
	case ActorWorkload, ActorService:
		return Known(false)
	}
	for _, why := range []Unknown{e.Console.Why(), e.Principal.Type.Why(), e.Principal.ARN.Why()} {
		if why != (Unknown{}) {
			return Missing[bool](why)
		}
	}
	return Missing[bool](Unknown{Reason: ReasonNotInSource, Detail: "the record does not say what kind of principal it is"})
}
