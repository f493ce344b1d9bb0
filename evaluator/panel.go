package evaluator

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

// panel is the rules that judge a snapshot, by kind, each list by id.
type panel struct {
	byKind map[model.Kind][]*rule
	ids    map[model.Kind][]model.RuleID // of byKind
	// left are the rules that need what nobody read, by id.
	left []model.RuleID
}

func newPanel(rules []*rule, judges func(*rule) bool) panel {
	p := panel{byKind: map[model.Kind][]*rule{}, ids: map[model.Kind][]model.RuleID{}}
	for _, r := range rules {
		if !judges(r) {
			p.left = append(p.left, r.ID)
			continue
		}
		p.byKind[r.Kind], p.ids[r.Kind] = append(p.byKind[r.Kind], r), append(p.ids[r.Kind], r.ID)
	}
	return p
}

// panel chooses the rules that can judge what was read. Where no record of
// events was, the rules that need one are left out: they would be unknown of
// every resource, and nobody asked for them.
func (j *Judge) panel(h *model.Header) *panel {
	if h.Events == nil {
		return &j.quiet
	}
	return &j.whole
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
