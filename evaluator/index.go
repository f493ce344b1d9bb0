package evaluator

import (
	"maps"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// index knows what resources refer to: the resources that can be referred to,
// who refers to whom, and which lists are complete. Of secrets it holds only
// those that some database or replica refers to, so it stays small however many
// there are.
type index struct {
	byID   map[target]*model.Resource
	users  map[target]map[model.Kind]bool
	scopes map[scope]*model.Unknown // listed scopes; the value is the gap, nil when complete
	// vague are scopes in which some resource's reference to a kind is unknown,
	// so that "nothing refers to it" cannot be said there; the first such reason.
	vague map[vague]model.Unknown
	// aliases are scopes in which some resource refers to an alias that no key
	// is known to have, with one such alias.
	aliases map[scope]string
	org     map[scope]*model.Resource // account rows
	// elsewhere is why nothing is known of what the snapshot does not hold; nil
	// when it is what was not scanned.
	elsewhere *model.Unknown
	refs      map[model.Kind][]reference
}

type target struct {
	kind model.Kind
	id   string
}

type scope struct {
	kind            model.Kind
	account, region string
}

type vague struct {
	from scope
	to   model.Kind
}

// indexer gathers what is needed only while an index is made.
type indexer struct {
	*index
	keep   map[model.Kind]bool
	count  map[model.Kind]int
	aka    map[target]target
	wanted map[target]bool           // secrets that something refers to
	alias  map[target]map[scope]bool // who refers to a key by an alias
}

// newIndex reads the whole snapshot once, and a second time if a rule looks at
// secrets behind other resources. keep says which kinds are referred to by
// paths that some rule reads.
func newIndex(snap *model.Snapshot, keep map[model.Kind]bool) (*index, map[model.Kind]int, error) {
	x := &indexer{
		index: &index{
			byID: map[target]*model.Resource{}, users: map[target]map[model.Kind]bool{}, scopes: map[scope]*model.Unknown{},
			vague: map[vague]model.Unknown{}, aliases: map[scope]string{}, org: map[scope]*model.Resource{}, refs: references(),
			elsewhere: snap.Elsewhere,
		},
		keep: keep, count: map[model.Kind]int{}, aka: map[target]target{}, wanted: map[target]bool{}, alias: map[target]map[scope]bool{},
	}
	for i := range snap.Scopes {
		s := &snap.Scopes[i]
		x.scopes[scope{s.Kind, s.Account, s.Region}] = s.Gap
	}
	for r, err := range snap.Outline(x.held) {
		if err != nil {
			return nil, nil, err
		}
		x.add(r)
	}
	if err := x.addWanted(snap); err != nil {
		return nil, nil, err
	}
	x.resolve()
	return x.index, x.count, nil
}

// held says whether the index holds a resource with its body. Which secrets it
// holds is known only when all references are.
func (x *indexer) held(id model.ResourceID) bool {
	return id.Kind == model.KindAccount || x.keep[id.Kind] && id.Kind != model.KindSecret
}

func (x *indexer) add(r *model.Resource) {
	x.count[r.ID.Kind]++
	switch {
	case r.ID.Kind == model.KindAccount:
		x.org[scope{model.KindAccount, r.ID.Account, r.ID.Region}] = r
	case x.held(r.ID):
		x.byID[target{r.ID.Kind, r.ID.ID}] = r
	}
	for _, name := range r.Aka {
		x.aka[target{r.ID.Kind, name}] = target{r.ID.Kind, r.ID.ID}
	}
	for i := range x.refs[r.ID.Kind] {
		x.use(r, &x.refs[r.ID.Kind][i])
	}
}

func (x *indexer) use(r *model.Resource, ref *reference) {
	from, here := r.ID, scope{r.ID.Kind, r.ID.Account, r.ID.Region}
	value := ref.of(r)
	to, ok := value.Get()
	at := target{to.Kind, to.ID}
	switch {
	case !ok && value.State() == model.StateUnknown:
		if _, have := x.vague[vague{here, ref.to}]; !have {
			x.vague[vague{here, ref.to}] = value.Why()
		}
	case !ok:
	case to.Kind == model.KindSecret:
		if x.keep[model.KindSecret] {
			x.wanted[at] = true
		}
	case to.Kind == model.KindKey, to.Kind == model.KindFunction:
		x.addUser(at, from.Kind)
		if isAlias(to.ID) {
			if x.alias[at] == nil {
				x.alias[at] = map[scope]bool{}
			}
			x.alias[at][here] = true
		}
	}
}

func (x *indexer) addUser(to target, kind model.Kind) {
	if x.users[to] == nil {
		x.users[to] = map[model.Kind]bool{}
	}
	x.users[to][kind] = true
}

// addWanted holds the secrets that something refers to, by ID or other name.
func (x *indexer) addWanted(snap *model.Snapshot) error {
	for other, real := range x.aka {
		if x.wanted[other] {
			x.wanted[real] = true
		}
	}
	if len(x.wanted) == 0 {
		return nil
	}
	wanted := func(id model.ResourceID) bool { return x.wanted[target{id.Kind, id.ID}] }
	for r, err := range snap.Outline(wanted) {
		if err != nil {
			return err
		}
		if at := (target{r.ID.Kind, r.ID.ID}); x.wanted[at] {
			x.byID[at] = r
		}
	}
	return nil
}

// resolve follows other names.
func (x *indexer) resolve() {
	for other, real := range x.aka {
		if r := x.byID[real]; r != nil {
			x.byID[other] = r
		}
		for kind := range x.users[other] {
			x.addUser(real, kind)
		}
		delete(x.alias, other)
	}
	for at, from := range x.alias {
		for here := range maps.Keys(from) {
			x.aliases[here] = max(x.aliases[here], at.id) // any, but always the same one
		}
	}
}

func isAlias(id string) bool { return strings.Contains(id, ":alias/") }
