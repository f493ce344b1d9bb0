package events

import "github.com/keyproof/keyproof/model"

// principal reads userIdentity. Which members it has depends on the type
// ("CloudTrail userIdentity element"): those that are not there are absent.
func (d *decoder) principal(p *model.EventPrincipal) {
	m, ok := d.object("userIdentity")
	if !ok {
		*p = noPrincipal()
		return
	}
	u := decoder{m: m}
	p.Type, p.ID, p.ARN = u.optional("type"), u.optional("principalId"), u.optional("arn")
	p.Account, p.UserName = u.optional("accountId"), u.optional("userName")
	p.InvokedBy = u.optional("invokedBy")
	p.Issuer, p.MFA = model.None[string](), model.None[bool]()
	if s, ok := u.object("sessionContext"); ok {
		session := decoder{m: s}
		if i, ok := session.object("sessionIssuer"); ok {
			issuer := decoder{m: i}
			p.Issuer = issuer.optional("arn")
			session.within(issuer)
		}
		if a, ok := session.object("attributes"); ok {
			attributes := decoder{m: a}
			p.MFA = attributes.boolean("mfaAuthenticated")
			session.within(attributes)
		}
		u.within(session)
	}
	if u.err != nil {
		d.refuse("in its userIdentity, %w", u.err)
	}
}

// within passes an error of an inner object on.
func (d *decoder) within(inner decoder) {
	if d.err == nil {
		d.err = inner.err
	}
}

// noPrincipal: records without a userIdentity, which CloudTrail documents for
// none, say nothing about who did it.
func noPrincipal() model.EventPrincipal {
	why := func() model.Value[string] { return notThere[string]("userIdentity") }
	return model.EventPrincipal{
		Type: why(), ID: why(), ARN: why(), Account: why(), UserName: why(), InvokedBy: why(), Issuer: why(), MFA: notThere[bool]("userIdentity"),
	}
}
