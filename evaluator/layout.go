package evaluator

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// layout gives each path that some rule on a kind reads a place, so that what
// the rules can see of a resource is one flat list of numbers.
type layout struct {
	paths    []path
	own      []fieldPlace
	identity []identityPlace
	account  *rolePlaces // nil when no rule reads it
	roles    []rolePlaces
	used     []kindPlace
}

type fieldPlace struct {
	field model.Field
	place int
}

type identityPlace struct {
	of    func(model.ResourceID) string
	place int
}

type kindPlace struct {
	kind  model.Kind
	place int
}

// rolePlaces are the paths of one role.
type rolePlaces struct {
	ref    reference
	exists int // its place, or -1
	fields []fieldPlace
}

func newLayout(kind model.Kind, rules []*rule) *layout {
	l := &layout{}
	for _, r := range rules {
		for _, e := range r.entries() {
			l.paths = append(l.paths, e.reads...)
		}
	}
	slices.SortFunc(l.paths, func(a, b path) int { return strings.Compare(a.String(), b.String()) })
	l.paths = slices.Compact(l.paths)
	for name, of := range identity(kind) {
		if at := l.place(path{"", name}); at >= 0 {
			l.identity = append(l.identity, identityPlace{of, at})
		}
	}
	l.own = l.fields("", kind)
	for _, ref := range references()[kind] {
		if places := l.role(ref); places != nil {
			l.roles = append(l.roles, *places)
		}
	}
	l.account = l.role(reference{role: role{accountRole, model.KindAccount, ""}})
	for _, k := range users(kind) {
		if at := l.place(path{usedBy, string(k)}); at >= 0 {
			l.used = append(l.used, kindPlace{k, at})
		}
	}
	for _, r := range rules {
		for _, e := range r.entries() {
			e.places = l.placesOf(e.reads)
			e.set = setOf(len(l.paths), e.places)
			for _, c := range e.clauses {
				c.places, c.restPlaces = l.placesOf(c.reads), l.placesOf(c.rest)
				c.screen.place(l)
			}
		}
	}
	return l
}

func (l *layout) placesOf(reads []path) []int {
	places := make([]int, len(reads))
	for i, p := range reads {
		places[i] = l.place(p)
	}
	return places
}

// place is the place of a path, or -1 when no rule reads it.
func (l *layout) place(p path) int { return slices.Index(l.paths, p) }

func (l *layout) fields(role string, kind model.Kind) []fieldPlace {
	var list []fieldPlace
	for _, f := range model.Fields(kind) {
		if at := l.place(path{role, f.Name}); at >= 0 {
			list = append(list, fieldPlace{f, at})
		}
	}
	return list
}

func (l *layout) role(ref reference) *rolePlaces {
	places := &rolePlaces{ref: ref, exists: l.place(path{ref.name, "exists"}), fields: l.fields(ref.name, ref.to)}
	if places.exists < 0 && len(places.fields) == 0 {
		return nil
	}
	return places
}

// each calls f with every place of the role.
func (p *rolePlaces) each(f func(place int)) {
	if p.exists >= 0 {
		f(p.exists)
	}
	for _, field := range p.fields {
		f(field.place)
	}
}

func (r *rule) entries() []*entry {
	if r.applicable == nil {
		return []*entry{r.violation}
	}
	return []*entry{r.applicable, r.violation}
}

// layouts makes the layout of each kind that has rules.
func layouts(byKind map[model.Kind][]*rule) map[model.Kind]*layout {
	all := map[model.Kind]*layout{}
	for kind, rules := range byKind {
		all[kind] = newLayout(kind, rules)
	}
	return all
}
