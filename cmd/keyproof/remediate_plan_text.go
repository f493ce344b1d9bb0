package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/remediator"
)

// printPlan shows a plan to people.
func (sys system) printPlan(p *remediator.Plan) {
	say := func(format string, args ...any) { fmt.Fprintln(sys.stdout, cleanf(format, args...)) }
	if len(p.Changes) == 0 {
		say("Nothing to change.")
	}
	for i, c := range p.Changes {
		say("%d. %s  %s", i+1, c.Name, c.Title)
		say("   %s in %s %s, settles %s, change %s", c.Action, c.Resource.Account, c.Resource.Region, joined(c.Rules), c.ID)
		for _, field := range changedFields(c) {
			say("   %s", field)
		}
		for _, text := range c.Effects {
			say("   effect: %s", text)
		}
		if c.Cost != "" {
			say("   cost: %s", c.Cost)
		}
		say("   undo: %s", undoWords(c))
		for _, text := range c.Concerns {
			say("   to look at: %s", text)
		}
		say("")
	}
	if len(p.Skipped) > 0 {
		say("Not changed:")
	}
	// Many secrets lack the same: what is said of all of them is said once.
	var order []string
	byReason := map[string][]remediator.Skip{}
	for _, s := range p.Skipped {
		key := s.Action + "\x00" + s.Why + "\x00" + s.Next
		if byReason[key] == nil {
			order = append(order, key)
		}
		byReason[key] = append(byReason[key], s)
	}
	for _, key := range order {
		list := byReason[key]
		say("  %s: %s", list[0].Action, list[0].Why)
		for _, s := range list[:min(len(list), 10)] {
			say("    %s (%s %s), fails %s", s.Name, s.Resource.Account, s.Resource.Region, joined(s.Rules))
		}
		if len(list) > 10 {
			say("    and %d more", len(list)-10)
		}
		sayLines(say, "    next: ", "    ", list[0].Next)
	}
	for _, line := range []struct {
		n    int
		text string
	}{
		{len(p.Changes), "planned"}, {len(p.Skipped), "not possible"}, {p.Left, "more left for another plan (--max-changes)"},
		{p.ByHand, "failures to mend by hand (`keyproof rules show RULE` says how)"}, {p.Unknown, "results unknown, which nothing can repair"},
	} {
		if line.n > 0 {
			say("%5d %s", line.n, line.text)
		}
	}
	if p.Offline && len(p.Changes) > 0 {
		say("AWS was not asked whether these would work; apply asks before each.")
	}
}

func joined(rules []model.RuleID) string {
	var list []string
	for _, id := range rules {
		list = append(list, string(id))
	}
	return strings.Join(list, ", ")
}

// changedFields are the fields of a change, before and after.
func changedFields(c *model.Change) []string {
	fields := map[string]bool{}
	for f := range maps.Keys(c.Before) {
		fields[f] = true
	}
	for f := range maps.Keys(c.After) {
		fields[f] = true
	}
	var list []string
	for _, f := range slices.Sorted(maps.Keys(fields)) {
		before, known := c.Before[f]
		after, planned := c.After[f]
		switch was, is := shown(before), shown(after); {
		case planned && !known:
			list = append(list, f+": "+is)
		case !planned:
			list = append(list, f+": "+was+" -> whatever AWS chooses")
		case was != is:
			list = append(list, f+": "+was+" -> "+is)
		}
	}
	return list
}

// shown is a value for people.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		if v == "" {
			return "none"
		}
		return v
	case []string:
		if len(v) == 0 {
			return "none"
		}
		return strings.Join(v, ", ")
	case []any:
		var list []string
		for _, item := range v {
			list = append(list, fmt.Sprint(item))
		}
		return shown(list)
	}
	return fmt.Sprint(v)
}

func undoWords(c *model.Change) string {
	words := map[model.UndoClass]string{
		model.UndoExact: "possible", model.UndoCompensating: "possible, not wholly", model.UndoNone: "NOT POSSIBLE",
	}[c.Undo]
	if c.UndoNote != "" {
		words += ": " + c.UndoNote
	}
	return words
}
