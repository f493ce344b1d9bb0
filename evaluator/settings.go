package evaluator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/nearest"
	"github.com/keyproof/keyproof/model"
)

// Settings are what a configuration file says of rules. Errors about them
// begin with the place in the file.
type Settings struct {
	// Frameworks limits the report to these, and the rules to those that are
	// evidence for one of them; empty means all.
	Frameworks []Choice
	// Overrides set parameters. Those that hold everywhere come first.
	Overrides map[model.RuleID][]model.Override
	// Off switches rules off: each of their results is not applicable, with the
	// reason.
	Off     map[model.RuleID]model.Off
	Waivers []model.Waiver
}

// Choice is a name that somebody chose, with the place where.
type Choice struct {
	Name   string
	Origin model.Origin
}

// The prefixes of ids of the rules that are not in Rego.
const (
	waiverPrefix  = "WAIVER-"
	refusedPrefix = "RULE-"
)

// reserved says what results the ids with a prefix are about.
func reserved() map[string]string {
	return map[string]string{waiverPrefix: "waivers", refusedPrefix: "rules that do not load"}
}

// configure applies settings, before anything is compiled.
func (s *ruleSet) configure(set *Settings) error {
	byID := map[model.RuleID]*rule{}
	for _, r := range s.rules {
		byID[r.ID] = r
	}
	// It finds nil where the rule was refused, which is reported elsewhere.
	find := func(id model.RuleID, origin model.Origin) (*rule, error) {
		if r := byID[id]; r != nil || s.isRefused(id) {
			return r, nil
		}
		return nil, fmt.Errorf("%srule %q does not exist%s; `keyproof rules` lists them", from(origin), id, meant(string(id), slices.Sorted(maps.Keys(byID))))
	}
	for _, id := range sortedKeys(set.Overrides) {
		for _, o := range set.Overrides[id] {
			r, err := find(id, o.Origin)
			if err != nil {
				return err
			}
			if r == nil {
				continue
			}
			if err := r.configure(o); err != nil {
				return fmt.Errorf("%srule %s: %w", from(o.Origin), id, err)
			}
		}
	}
	for _, id := range sortedKeys(set.Off) {
		off := set.Off[id]
		r, err := find(id, off.Origin)
		if err != nil {
			return err
		}
		if r != nil {
			r.Off = &off
		}
	}
	for i := range set.Waivers {
		if _, err := find(set.Waivers[i].Rule, set.Waivers[i].Origin); err != nil {
			return err
		}
	}
	return nil
}

// choose keeps some frameworks, and the rules that are evidence for them.
func (s *ruleSet) choose(chosen []Choice) error {
	if len(chosen) == 0 {
		return nil
	}
	var names []string
	for _, f := range s.frameworks {
		names = append(names, f.ID)
	}
	keep := map[string]bool{}
	for _, c := range chosen {
		if !slices.Contains(names, c.Name) {
			return fmt.Errorf("%sframework %q does not exist%s; the frameworks are %s", from(c.Origin), c.Name, meant(c.Name, names), strings.Join(names, ", "))
		}
		keep[c.Name] = true
	}
	s.frameworks = slices.DeleteFunc(s.frameworks, func(f model.Framework) bool { return !keep[f.ID] })
	s.rules = slices.DeleteFunc(s.rules, func(r *rule) bool {
		maps.DeleteFunc(r.Controls, func(id string, controls []string) bool { return !keep[id] || len(controls) == 0 })
		maps.DeleteFunc(r.Proposed, func(id string, _ []string) bool { return !keep[id] })
		return len(r.Controls) == 0
	})
	return nil
}

// from begins an error with the place that it is about.
func from(o model.Origin) string {
	if o == (model.Origin{}) {
		return ""
	}
	return o.String() + ": "
}

func meant[S ~string](typed string, names []S) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = string(n)
	}
	if n := nearest.Name(typed, list); n != "" {
		return fmt.Sprintf(", did you mean %s?", n)
	}
	return ""
}
