package drift

import (
	"fmt"
	"maps"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// Difference is one thing that a rule reads, or that it judges by, that is not
// what it was.
type Difference struct {
	// Path is what a rule reads ("resource.kms_key", "related.key.enabled"), or
	// "resource", "rule", "params.NAME" or "waiver" for what it judges by.
	Path   string `json:"path"`
	Before Datum  `json:"before"`
	After  Datum  `json:"after"`
}

// because finds for each item what changed.
func (c *comparison) because() error {
	wanted := map[model.ResourceID]bool{}
	for _, list := range c.lists() {
		for i := range *list {
			wanted[(*list)[i].Resource] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	old, err := look(c.from, wanted)
	if err != nil {
		return err
	}
	now, err := look(c.to, wanted)
	if err != nil {
		return err
	}
	for _, list := range c.lists() {
		for i := range *list {
			item := &(*list)[i]
			item.Because = append(c.judgedBy(item), c.attributes(item, old, now)...)
		}
	}
	return nil
}

// judgedBy are the differences that lie not in the account: in the rule, its
// parameters and waivers.
func (c *comparison) judgedBy(item *Item) []Difference {
	list := []Difference{}
	a, b := c.from.Report.Rule(item.Rule), c.to.Report.Rule(item.Rule)
	if judges(a) != judges(b) {
		return append(list, Difference{"rule", said(word(judges(a))), said(word(judges(b)))})
	}
	if a == nil || b == nil {
		return list
	}
	for _, name := range slices.Sorted(maps.Keys(b.Params)) {
		if before, after := said(a.Params[name].Value), said(b.Params[name].Value); !before.equal(after) {
			list = append(list, Difference{"params." + name, before, after})
		}
	}
	if before, after := said(a.Overrides), said(b.Overrides); !before.equal(after) {
		list = append(list, Difference{"overrides", before, after})
	}
	switch was, is := item.Was == model.StatusWaived, item.Is == model.StatusWaived; {
	case was && !is:
		list = append(list, Difference{"waiver", said(waiverWords(item.waiver)), Datum{Value: none}})
	case is && !was:
		list = append(list, Difference{"waiver", Datum{Value: none}, said(waiverWords(item.waiver))})
	}
	return list
}

func judges(r *model.Rule) bool { return r != nil && r.Off == nil }

func word(judges bool) string {
	if judges {
		return "judges"
	}
	return "does not judge"
}

func waiverWords(w *model.Waiver) string {
	switch {
	case w == nil:
		return "a waiver"
	case w.Expires.IsZero():
		return "of " + w.Owner
	default:
		return fmt.Sprintf("of %s until %s", w.Owner, w.Expires)
	}
}

// attributes are the differences in what the rule reads of the account.
func (c *comparison) attributes(item *Item, old, now *world) []Difference {
	a, b := old.byID[item.Resource], now.byID[item.Resource]
	switch {
	case a == nil && b == nil:
		return nil // a list that could not be read, or no snapshot
	case a == nil:
		return []Difference{{"resource", c.from.absence(item.Resource), said("there")}}
	case b == nil:
		return []Difference{{"resource", said("there"), c.to.absence(item.Resource)}}
	}
	var list []Difference
	for _, path := range c.reads(item.Rule) {
		before, after := old.datum(a, path), now.datum(b, path)
		if !before.equal(after) {
			list = append(list, Difference{path, before, after})
		}
	}
	return list
}

// reads are the paths that a rule reads, in either run.
func (c *comparison) reads(id model.RuleID) []string {
	var list []string
	for _, s := range []*Side{c.from, c.to} {
		if rule := s.Report.Rule(id); rule != nil {
			list = append(list, rule.Reads...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
