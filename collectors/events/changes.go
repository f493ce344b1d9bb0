package events

import (
	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// changes reads what a call changes beside what its request says in so many
// words: whom a policy lets in, what a trail still records, who runs a function.
func (d *decoder) changes(e *model.Event) {
	r := &e.Request
	r.PolicyPublic, r.PolicyAccounts, r.PolicyNetworks = letIn(first(d.document, "resourcePolicy", "policy", "bucketPolicy"), e.Account)
	r.Overwrite = first(d.boolean, "overwrite")
	r.Role, r.MasterPassword, r.ManagedSecret = model.None[string](), model.None[bool](), model.None[bool]()
	switch e.Source {
	case "lambda.amazonaws.com":
		r.Role = first(d.optional, "role")
	case "rds.amazonaws.com":
		// CloudTrail writes asterisks for the password; that it is there is enough.
		_, given := d.m.get("masterUserPassword")
		r.MasterPassword = model.Known(given)
		r.ManagedSecret = first(d.boolean, "manageMasterUserPassword")
	}
	r.Management, r.Excluded = d.selectors()
}

// letIn says whom a policy lets in. Every other account and organization is
// listed: a record does not say which of them are the owner's own.
func letIn(policy, owner model.Value[string]) (public model.Value[bool], accounts, networks model.Value[[]string]) {
	doc, ok := policy.Get()
	switch {
	case !ok && policy.State() == model.StateAbsent:
		return model.None[bool](), model.None[[]string](), model.None[[]string]()
	case !ok:
		hidden := model.Missing[[]string](policy.Why())
		return model.Missing[bool](policy.Why()), hidden, hidden
	}
	nobody := func(string) model.Value[bool] { return model.Known(false) }
	facts := iampolicy.Facts(doc, model.ResourceID{Account: owner.Or("")}, nobody)
	if owner.State() != model.StateKnown {
		facts.OutsideAccounts = model.Missing[[]string](owner.Why())
	}
	return facts.PolicyPublic, facts.OutsideAccounts, facts.Networks
}
