// Package iampolicy says what the policy of a resource allows, without asking
// AWS: whether anyone gets in, and which other accounts do.
//
// Its promise: a policy is not public only if something fixed says who may
// call. What it does not understand makes a policy more public, never less; a
// document that AWS's grammar does not allow makes all facts unknown.
//
// The meaning of public is AWS's own (Amazon S3 User Guide, "Blocking public
// access", "The meaning of public"): a policy is public until it turns out to
// grant access only to fixed values, without wildcards and policy variables, of
// a principal or of one of a list of condition keys; see keys.
//
// A Deny never makes a policy less public here. One that takes away all that an
// Allow gives does so only for the actions, resources and callers that both
// match, and a mistake about that would hide an open door.
package iampolicy

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Facts returns the facts of the policy of a resource. An empty document means
// that no policy is attached.
//
// trusts says of another account whether it is of the owner's organization or
// trusted by the user. It is asked about an organization, by its id "o-…", in
// the same way, when a condition lets in a whole one.
func Facts(doc string, owner model.ResourceID, trusts func(account string) model.Value[bool]) model.PolicyFacts {
	if strings.TrimSpace(doc) == "" {
		return FactsOfAll(nil, owner, trusts)
	}
	return FactsOfAll([]string{doc}, owner, trusts)
}

// FactsOfAll returns the facts of the policies of a resource that can have
// several: what any of them allows is allowed. One that cannot be read makes all
// facts unknown.
func FactsOfAll(docs []string, owner model.ResourceID, trusts func(account string) model.Value[bool]) model.PolicyFacts {
	var (
		public    bool
		list      = []model.PolicyStatement{}
		letIn     []string
		networks  []string
		undecided *model.Unknown
	)
	for _, doc := range docs {
		d, err := Parse(doc)
		if err != nil {
			return Unreadable(model.Unknown{Reason: model.ReasonFailed, Detail: "policy is " + err.Error()})
		}
		for _, s := range d.Statements {
			one, all, through := s.judge(owner.Account)
			list = append(list, one)
			networks = append(networks, through...)
			public = public || one.Public
			if s.Effect == "Allow" {
				letIn = append(letIn, one.Accounts...)
				if !all {
					undecided = &model.Unknown{Reason: model.ReasonFailed, Detail: "policy has a principal of no known account: statement " + one.SID}
				}
			}
		}
	}
	facts := model.PolicyFacts{
		PolicyPresent:    model.Known(len(docs) > 0),
		PolicyPublic:     model.Known(public),
		PolicyStatements: model.Known(list),
		Networks:         model.Known(unique(networks)),
	}
	facts.OutsideAccounts, facts.Outsiders = model.FindOutsiders(unique(letIn), undecided, trusts)
	return facts
}

// Unreadable returns the facts of a policy that could not be read.
func Unreadable(why model.Unknown) model.PolicyFacts {
	return model.PolicyFacts{
		PolicyPresent:    model.Missing[bool](why),
		PolicyPublic:     model.Missing[bool](why),
		PolicyStatements: model.Missing[[]model.PolicyStatement](why),
		OutsideAccounts:  model.Missing[[]string](why),
		Outsiders:        model.Missing[[]model.Outsider](why),
		Networks:         model.Missing[[]string](why),
	}
}

// Outside returns the accounts of principals that are neither the owner nor
// trusted, and those that are not known to be inside. The former are unknown if
// nobody can say of one of them, or if a principal is of no known account; the
// latter are so only if none is outside for certain.
func Outside(principals []string, owner string, trusts func(account string) model.Value[bool]) (model.Value[[]string], model.Value[[]model.Outsider]) {
	p := Principals{AWS: principals}
	accounts, all := p.accounts()
	var undecided *model.Unknown
	if !all {
		undecided = &model.Unknown{Reason: model.ReasonFailed, Detail: "a principal is of no known account"}
	}
	accounts = slices.DeleteFunc(accounts, func(id string) bool { return id == owner })
	return model.FindOutsiders(unique(accounts), undecided, trusts)
}

// unique returns the list sorted, each once, never nil.
func unique(list []string) []string {
	out := append([]string{}, list...)
	slices.Sort(out)
	return slices.Compact(out)
}
