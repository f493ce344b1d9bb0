package terraform

import (
	"slices"

	"github.com/keyproof/keyproof/internal/iampolicy"
	"github.com/keyproof/keyproof/model"
)

// trusts says of another account whether it is trusted: a file knows only what
// the user says, and no organization.
func (b *builder) trusts(account string) model.Value[bool] {
	if slices.Contains(b.Trusted, account) {
		return model.Known(true)
	}
	return model.Missing[bool](notInSource("whether " + account + " is of the organization"))
}

// facts are those of the policy of a resource. none is what holds where the
// attribute says nothing.
func (b *builder) facts(of, by *block, attribute string, none func() model.PolicyFacts) model.PolicyFacts {
	a := by.get(attribute)
	text := a.text(model.None[string]())
	if doc, known := text.Get(); known {
		return b.read(doc, of)
	}
	if text.State() == model.StateAbsent {
		return none()
	}
	if one := by.follow(attribute).exact(); one != nil && a.state() == later && one.is("data.aws_iam_policy_document") {
		return b.pending(one, of)
	}
	return iampolicy.Unreadable(a.why())
}

// nobody stands for the owner where the file does not say which account that is.
const nobody = "000000000000"

func ownerOf(of *block) model.ResourceID {
	id := of.id(model.KindSecret) // the kind says nothing here
	id.Account = first(id.Account, nobody)
	return id
}

// read judges a document. Where the owner is not known, an account that it names
// may be the owner.
func (b *builder) read(doc string, of *block) model.PolicyFacts {
	owner := ownerOf(of)
	facts := iampolicy.Facts(doc, owner, b.trusts)
	if owner.Account != nobody {
		return facts
	}
	for _, s := range facts.PolicyStatements.Or(nil) {
		if len(s.Accounts) > 0 {
			why := notInSource("which account the plan is for, so that " + s.Accounts[0] + " may be it")
			facts.PolicyStatements = model.Missing[[]model.PolicyStatement](why)
			if len(facts.OutsideAccounts.Or(nil)) > 0 {
				facts.OutsideAccounts, facts.Outsiders = model.Missing[[]string](why), model.Missing[[]model.Outsider](why)
			}
			break
		}
	}
	return facts
}

// pending judges a document that terraform will put together only on apply, as
// far as its statements are known: one that lets anyone in does so whatever the
// others say.
func (b *builder) pending(doc, of *block) model.PolicyFacts {
	text, whole := b.document(doc, ownerOf(of).Account)
	if whole {
		return b.read(text, of)
	}
	facts := iampolicy.Unreadable(model.Unknown{Reason: model.ReasonAfterApply, Detail: doc.address})
	facts.PolicyPresent = model.Known(true)
	if text != "" {
		if public, _ := iampolicy.Facts(text, ownerOf(of), b.trusts).PolicyPublic.Get(); public {
			facts.PolicyPublic = model.Known(true)
		}
	}
	return facts
}

// besides are blocks that hold the policy of another one.
type besides struct {
	kind    string
	names   string   // the attribute with which they name it
	targets []string // types that they can name; empty for that of the other one
}

// oneOf returns the facts of the one policy of a resource, which is an attribute
// of its own, or of a block beside it.
func (b *builder) oneOf(of *block, attribute string, beside besides, none func() model.PolicyFacts) model.PolicyFacts {
	list := b.about(of, beside.kind, beside.names, beside.targets...)
	own := of.get(attribute)
	inline := of.configured(attribute) || !of.config.Exists() && own.state() == given && len(list) == 0
	switch by := doubt(list); {
	case by != nil:
		return iampolicy.Unreadable(afterApply(by))
	case len(list) > 1:
		return iampolicy.Unreadable(unresolved("both " + list[0].by.address + " and " + list[1].by.address + " set its policy"))
	case len(list) == 1 && inline:
		return iampolicy.Unreadable(unresolved("both " + of.address + " and " + list[0].by.address + " set its policy"))
	case len(list) == 1:
		return b.facts(of, list[0].by, "policy", none)
	case !inline && b.had(of, beside.kind, beside.names):
		return none()
	default:
		return b.facts(of, of, attribute, none)
	}
}

func (b *builder) secretPolicy(from *block) model.PolicyFacts {
	return b.oneOf(from, "policy", besides{kind: "aws_secretsmanager_secret_policy", names: "secret_arn"}, noPolicy)
}

// noPolicy: a secret has no resource policy until somebody attaches one.
func noPolicy() model.PolicyFacts {
	return iampolicy.Facts("", model.ResourceID{}, nil)
}
