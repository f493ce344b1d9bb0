package evaluator

import (
	"fmt"

	"github.com/keyproof/keyproof/model"
)

// related is what a reference led to. Exactly one of the three says something:
// the resource; why it is unknown; or, when both are nil, whether it does not
// exist (gone) or there is no reference at all.
type related struct {
	resource *model.Resource
	why      *model.Unknown
	gone     bool
}

func (ix *index) related(r *model.Resource, ref *reference) related {
	value := ref.of(r)
	to, ok := value.Get()
	switch {
	case value.State() == model.StateAbsent:
		return related{}
	case !ok:
		why := value.Why()
		return related{why: &why}
	}
	if have := ix.byID[target{to.Kind, to.ID}]; have != nil {
		return related{resource: have}
	}
	gap, listed := ix.scopes[scope{to.Kind, to.Account, to.Region}]
	switch {
	case !listed:
		return related{why: ix.outside("%s is outside this scan", to.ID)}
	case gap != nil:
		return related{why: gap}
	case isAlias(to.ID):
		// Aliases come by a call of their own, which may have been refused.
		return related{why: notCollected("no key with the alias %s was seen", to.ID)}
	default:
		return related{gone: true}
	}
}

// account finds the account that r is in; no reference says so.
func (ix *index) account(r *model.Resource) related {
	here := scope{model.KindAccount, r.ID.Account, r.ID.Region}
	if found := ix.org[here]; found != nil {
		return related{resource: found}
	}
	if gap := ix.scopes[here]; gap != nil {
		return related{why: gap}
	}
	return related{why: ix.outside("the account was not read")}
}

// usedBy says whether some resource of a kind in the same account and region
// refers to r: true when one does, false only when all were listed with all
// their references known.
func (ix *index) usedBy(r *model.Resource, kind model.Kind) model.Value[bool] {
	if ix.users[target{r.ID.Kind, r.ID.ID}][kind] {
		return model.Known(true)
	}
	here := scope{kind, r.ID.Account, r.ID.Region}
	gap, listed := ix.scopes[here]
	switch {
	case !listed:
		return model.Missing[bool](*ix.outside("no %ss were listed there", kind))
	case gap != nil:
		return model.Missing[bool](*gap)
	}
	if why, ok := ix.vague[vague{here, r.ID.Kind}]; ok {
		return model.Missing[bool](why)
	}
	if alias, ok := ix.aliases[here]; ok && !aliasesKnown(r) {
		return model.Missing[bool](*notCollected("it may have the alias %s, which is used", alias))
	}
	return model.Known(false)
}

// outside is why something is unknown that the snapshot does not hold.
func (ix *index) outside(format string, args ...any) *model.Unknown {
	if ix.elsewhere != nil {
		return ix.elsewhere
	}
	return notCollected(format, args...)
}

// aliasesKnown says whether all names of a resource are known.
func aliasesKnown(r *model.Resource) bool {
	key, ok := r.Body.(*model.Key)
	return !ok || key.Aliases.State() != model.StateUnknown
}

func notCollected(format string, args ...any) *model.Unknown {
	return &model.Unknown{Reason: model.ReasonNotCollected, Detail: fmt.Sprintf(format, args...)}
}
