package evaluator

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// layout gives each path that some rule on a kind reads a place, so that what
// the rules can see of a resource is one flat list of numbers.
type layout struct {
	paths []path
	// own is the place by attribute; roles by role and attribute of the related
	// resource.
	own   map[string]int
	roles map[string]map[string]int
}

func newLayout(rules []*rule) *layout {
	l := &layout{own: map[string]int{}, roles: map[string]map[string]int{}}
	set := map[path]bool{}
	for _, r := range rules {
		for _, e := range r.entries() {
			for _, p := range e.reads {
				set[p] = true
			}
		}
	}
	for p := range set {
		l.paths = append(l.paths, p)
	}
	slices.SortFunc(l.paths, func(a, b path) int { return strings.Compare(a.String(), b.String()) })
	for i, p := range l.paths {
		if p.Role == "" {
			l.own[p.Name] = i
			continue
		}
		if l.roles[p.Role] == nil {
			l.roles[p.Role] = map[string]int{}
		}
		l.roles[p.Role][p.Name] = i
	}
	for _, r := range rules {
		r.places = nil
		for _, e := range r.entries() {
			e.places = make([]int, len(e.reads))
			for i, p := range e.reads {
				e.places[i] = slices.Index(l.paths, p)
				if !slices.Contains(r.places, e.places[i]) {
					r.places = append(r.places, e.places[i])
				}
			}
		}
		slices.Sort(r.places)
	}
	return l
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
		all[kind] = newLayout(rules)
	}
	return all
}
