package reports

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// reviewed are the controls that have results. Those that only an assessor can
// judge are named, as not reviewed. A report of no framework is on its rules.
func (x *oscal) reviewed() map[string]any {
	r, selections := x.report, []any{}
	add := func(description string, ids []any) {
		if len(ids) > 0 {
			selections = append(selections, map[string]any{"description": description, "include-controls": ids})
		}
	}
	for i := range r.Frameworks {
		f, ids, rest := &r.Frameworks[i], []any{}, []string{}
		for j := range f.Controls {
			if id := f.Controls[j].ID; r.ByControl(f.ID, id).Total() > 0 {
				ids = append(ids, map[string]any{"control-id": oscalControl(f.ID, id)})
			} else {
				rest = append(rest, id)
			}
		}
		text := frameworkTitle(f) + " " + f.Version
		if len(rest) > 0 {
			text += "; without a result, so not reviewed: " + strings.Join(rest, ", ")
		}
		add(oscalText(text), ids)
	}
	if len(selections) == 0 {
		ids := []any{}
		for i := range r.Rules {
			ids = append(ids, map[string]any{"control-id": oscalControl("rule", string(r.Rules[i].ID))})
		}
		add("No control of a framework has a result: these are keyproof's rules.", ids)
	}
	return map[string]any{"control-selections": selections}
}

// risk is a rule that does not pass everywhere; nil for others.
func (x *oscal) risk(rule *model.Rule) map[string]any {
	c := x.report.Summary.ByRule[rule.ID]
	status := map[model.Status]string{model.StatusFail: "open", model.StatusUnknown: "investigating", model.StatusWaived: "deviation-approved"}[c.Status()]
	if status == "" || c.Total() == 0 {
		return nil
	}
	risk := map[string]any{
		"uuid": uuidOf("risk", string(rule.ID)), "title": oscalText(string(rule.ID) + " " + rule.Title), "description": oscalText(oscalCounts(c)),
		"statement": oscalText(or(rule.Description, rule.Title)), "status": status,
		"props":                props("severity", string(rule.Severity)),
		"related-observations": []any{map[string]any{"observation-uuid": uuidOf("rule", string(rule.ID))}},
	}
	if fix := rule.Remediation.Text; fix != "" {
		risk["remediations"] = []any{map[string]any{
			"uuid": uuidOf("remediation", string(rule.ID)), "lifecycle": "recommendation", "title": "Fix", "description": oscalText(fix),
		}}
	}
	return risk
}

// finding is what results say of a control. It is satisfied only where rules
// judge all of it and all pass: what is partly for an assessor, unknown or waived
// is not, and the reason says that it does not fail.
func (x *oscal) finding(f *model.Framework, control *model.Control, c model.Counts) map[string]any {
	status := map[string]any{"state": "not-satisfied", "reason": "other", "remarks": oscalText(oscalCounts(c))}
	switch {
	case c.Fail > 0:
		status["reason"] = "fail"
	case c.Status() == model.StatusPass && control.Coverage == model.CoverageAutomated:
		status["state"], status["reason"] = "satisfied", "pass"
	case c.Status() == model.StatusPass:
		status["remarks"] = oscalText("Rules pass, and an assessor must see more. " + control.Assessor)
	default: // the remarks have the numbers
	}
	finding := map[string]any{
		"uuid": uuidOf("control", f.ID, control.ID), "title": oscalText(frameworkTitle(f) + " " + control.ID + ": " + control.Title), "description": oscalText(oscalCounts(c)),
		"props":  props("coverage", or(string(control.Coverage), "not stated")),
		"target": map[string]any{"type": "objective-id", "target-id": oscalControl(f.ID, control.ID), "status": status},
	}
	var observations, risks []any
	for i := range x.report.Rules {
		rule := &x.report.Rules[i]
		if !slices.Contains(rule.Controls[f.ID], control.ID) || x.report.Summary.ByRule[rule.ID].Total() == 0 {
			continue
		}
		observations = append(observations, map[string]any{"observation-uuid": uuidOf("rule", string(rule.ID))})
		if x.risk(rule) != nil {
			risks = append(risks, map[string]any{"risk-uuid": uuidOf("risk", string(rule.ID))})
		}
	}
	finding["related-observations"] = observations
	if len(risks) > 0 {
		finding["related-risks"] = risks
	}
	return finding
}
