package evaluator

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

// panel is the rules that judge a snapshot, by kind, each list by id.
type panel struct {
	byKind map[model.Kind][]*rule
	ids    map[model.Kind][]model.RuleID // of byKind
	// events are the rules that judge events, by what they select.
	events map[eventKey][]*rule
	// left are the rules that need what nobody read, by id.
	left []model.RuleID
}

func newPanel(rules []*rule, judges func(*rule) bool) panel {
	p := panel{byKind: map[model.Kind][]*rule{}, ids: map[model.Kind][]model.RuleID{}, events: map[eventKey][]*rule{}}
	for _, r := range rules {
		if !judges(r) {
			p.left = append(p.left, r.ID)
			continue
		}
		for _, name := range r.Events {
			p.events[selectorOf(name)] = append(p.events[selectorOf(name)], r)
		}
		p.byKind[r.Kind], p.ids[r.Kind] = append(p.byKind[r.Kind], r), append(p.ids[r.Kind], r.ID)
	}
	return p
}

// panel chooses the rules that can judge what was read. Where no record of
// events was, the rules that need one are left out: they would be unknown of
// every resource, and nobody asked for them. Where only what follows from a
// record is at hand, the rules on events themselves are left out.
func (j *Judge) panel(snap *model.Snapshot) *panel {
	switch {
	case snap.Header.Events == nil:
		return &j.quiet
	case snap.Events == nil:
		return &j.told
	default:
		return &j.whole
	}
}

// rules are those of the panel as reports list them.
func (p *panel) rules(of []*rule) []model.Rule {
	list := make([]model.Rule, 0, len(of))
	for _, r := range of {
		if !slices.Contains(p.left, r.ID) {
			list = append(list, r.Rule)
		}
	}
	return list
}

// frameworks are those of a judge, with the coverage that the panel gives them.
func (p *panel) frameworks(j *Judge) []model.Framework {
	if len(p.left) == 0 {
		return j.frameworks
	}
	judging := make([]*rule, 0, len(j.rules))
	for _, r := range j.rules {
		if !slices.Contains(p.left, r.ID) {
			judging = append(judging, r)
		}
	}
	return covered(j.frameworks, judging)
}
