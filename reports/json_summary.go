package reports

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

// The parts of a json report that are counted from the summary. Lists and maps
// in them are never null: readers need not tell empty from missing.

type jsonRule struct {
	model.Rule
	Status model.Status `json:"status"`
	Counts model.Counts `json:"counts"`
}

type jsonFramework struct {
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Version  string        `json:"version"`
	Status   model.Status  `json:"status"`
	Counts   model.Counts  `json:"counts"`
	Controls []jsonControl `json:"controls"`
}

type jsonControl struct {
	model.Control
	Status model.Status   `json:"status"`
	Counts model.Counts   `json:"counts"`
	Rules  []model.RuleID `json:"rules"` // that are evidence for it
}

func summaryOf(r *model.Report) members {
	bySeverity := map[model.Severity]model.Counts{}
	for _, severity := range model.Severities() {
		bySeverity[severity] = r.BySeverity(severity)
	}
	unknowns := slices.Clone(notNil(r.Summary.Unknowns))
	for i := range unknowns {
		unknowns[i].Accounts = notNil(unknowns[i].Accounts)
		unknowns[i].Regions = notNil(unknowns[i].Regions)
	}
	all := members{
		{"results", r.Total()},
		{"by_severity", bySeverity},
		{"resources", filled(r.Summary.Resources)},
		{"by_rule", filled(r.Summary.ByRule)},
		{"unknowns", unknowns},
		{"need_events", notNil(r.NeedEvents)},
	}
	if r.Summary.Ages != nil {
		all = append(all, members{{"ages", r.Summary.Ages}}...)
	}
	return all
}

func ruleWithCounts(r *model.Report, rule *model.Rule) jsonRule {
	c := r.Summary.ByRule[rule.ID]
	out := jsonRule{Rule: *rule, Status: c.Status(), Counts: c}
	out.Controls, out.Reads = filled(out.Controls), notNil(out.Reads)
	return out
}

func frameworkOf(r *model.Report, f *model.Framework) jsonFramework {
	c := r.ByControl(f.ID, "")
	out := jsonFramework{f.ID, f.Title, f.Version, c.Status(), c, []jsonControl{}}
	for _, control := range f.Controls {
		of := r.ByControl(f.ID, control.ID)
		rules := []model.RuleID{}
		for i := range r.Rules {
			if slices.Contains(r.Rules[i].Controls[f.ID], control.ID) {
				rules = append(rules, r.Rules[i].ID)
			}
		}
		out.Controls = append(out.Controls, jsonControl{control, of.Status(), of, rules})
	}
	return out
}

// filled returns m, or an empty map for nil.
func filled[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return m
}

// notNil returns s, or an empty slice for nil.
func notNil[S ~[]E, E any](s S) S {
	if s == nil {
		return S{}
	}
	return s
}
