package evaluator

import (
	"fmt"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// index knows what resources refer to: the resources of the kinds that can be
// referred to, who refers to whom, and which lists are complete. It holds no
// secret and no parameter, so it stays small however many of them there are,
// except where a rule looks at the secret behind a database or a replica.
type index struct {
	byID   map[target]*model.Resource
	users  map[target]map[model.Kind]bool
	scopes map[scope]*model.Unknown // listed scopes; the value is the gap, nil when complete
	// vague are scopes in which some resource's reference is unknown, so that
	// "nothing refers to it" cannot be said there.
	vague map[scope]model.Unknown
	org   map[scope]*model.Resource // account rows
}

type target struct {
	kind model.Kind
	id   string
}

type scope struct {
	kind            model.Kind
	account, region string
}

// newIndex reads the whole snapshot once. keep says which kinds are referred to
// by paths that some rule reads.
func newIndex(snap *model.Snapshot, keep map[model.Kind]bool) (*index, map[model.Kind]int, error) {
	ix := &index{
		byID: map[target]*model.Resource{}, users: map[target]map[model.Kind]bool{}, scopes: map[scope]*model.Unknown{},
		vague: map[scope]model.Unknown{}, org: map[scope]*model.Resource{},
	}
	for i := range snap.Scopes {
		s := &snap.Scopes[i]
		ix.scopes[scope{s.Kind, s.Account, s.Region}] = s.Gap
	}
	count := map[model.Kind]int{}
	aka := map[target]target{}
	for r, err := range snap.Resources {
		if err != nil {
			return nil, nil, err
		}
		count[r.ID.Kind]++
		if r.ID.Kind == model.KindAccount {
			ix.org[scope{model.KindAccount, r.ID.Account, r.ID.Region}] = r
		} else if keep[r.ID.Kind] {
			ix.byID[target{r.ID.Kind, r.ID.ID}] = r
		}
		for _, name := range r.Aka {
			aka[target{r.ID.Kind, name}] = target{r.ID.Kind, r.ID.ID}
		}
		for _, ref := range r.Refs {
			ix.use(r.ID, ref)
		}
	}
	for other, real := range aka {
		if r := ix.byID[real]; r != nil {
			ix.byID[other] = r
		}
		for kind := range ix.users[other] {
			ix.addUser(real, kind)
		}
	}
	return ix, count, nil
}

func (ix *index) use(from model.ResourceID, ref model.Value[model.ResourceID]) {
	if to, ok := ref.Get(); ok {
		if to.Kind == model.KindKey || to.Kind == model.KindFunction {
			ix.addUser(target{to.Kind, to.ID}, from.Kind)
		}
		return
	}
	if ref.State() == model.StateUnknown {
		ix.vague[scope{from.Kind, from.Account, from.Region}] = ref.Why()
	}
}

func (ix *index) addUser(to target, kind model.Kind) {
	if ix.users[to] == nil {
		ix.users[to] = map[model.Kind]bool{}
	}
	ix.users[to][kind] = true
}

// related finds the resource that r refers to in a role. Exactly one of the
// three says something: the resource; why it is unknown; or, when both are
// nil, whether it exists (gone) or there is no reference at all.
func (ix *index) related(r *model.Resource, role string) (found *model.Resource, why *model.Unknown, gone bool) {
	if role == "account" {
		if acc := ix.org[scope{model.KindAccount, r.ID.Account, r.ID.Region}]; acc != nil {
			return acc, nil, false
		}
		return nil, &model.Unknown{Reason: model.ReasonNotCollected, Detail: "the account was not read"}, false
	}
	ref, ok := r.Refs[role]
	if !ok || ref.State() == model.StateAbsent {
		return nil, nil, false
	}
	to, ok := ref.Get()
	if !ok {
		u := ref.Why()
		return nil, &u, false
	}
	if have := ix.byID[target{to.Kind, to.ID}]; have != nil {
		return have, nil, false
	}
	gap, listed := ix.scopes[scope{to.Kind, to.Account, to.Region}]
	switch {
	case !listed:
		return nil, &model.Unknown{Reason: model.ReasonNotCollected, Detail: fmt.Sprintf("%s is outside this scan", to.ID)}, false
	case gap != nil:
		return nil, gap, false
	case strings.Contains(to.ID, ":alias/"):
		// Aliases come by a call of their own, which may have been refused.
		return nil, &model.Unknown{Reason: model.ReasonNotCollected, Detail: fmt.Sprintf("no key with the alias %s was seen", to.ID)}, false
	default:
		return nil, nil, true
	}
}

// usedBy says whether some resource of a kind in the same account and region
// refers to r: true when one does, false only when all were listed with all
// their references known.
func (ix *index) usedBy(r *model.Resource, kind model.Kind) model.Value[bool] {
	if ix.users[target{r.ID.Kind, r.ID.ID}][kind] {
		return model.Known(true)
	}
	s := scope{kind, r.ID.Account, r.ID.Region}
	gap, listed := ix.scopes[s]
	switch {
	case !listed:
		return model.Missing[bool](model.Unknown{Reason: model.ReasonNotCollected, Detail: fmt.Sprintf("no %ss were listed there", kind)})
	case gap != nil:
		return model.Missing[bool](*gap)
	}
	if why, ok := ix.vague[s]; ok {
		return model.Missing[bool](why)
	}
	return model.Known(false)
}
