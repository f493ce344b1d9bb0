package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// config is the document in the words of the model.
func (r *reader) config(d *document) *Config {
	c := &Config{
		Scope: Scope{
			Profiles: texts(d.Scope.Profiles), AssumeRoles: texts(d.Scope.AssumeRoles), ExternalID: string(d.Scope.ExternalID),
			Regions: texts(d.Scope.Regions), TrustedAccounts: texts(d.Scope.TrustedAccounts),
		},
		RuleDirs: texts(d.Rules.Dirs), FailOn: model.Severity(d.Verdict.FailOn),
		Off: map[model.RuleID]model.Off{}, Overrides: map[model.RuleID][]model.Override{},
		Waivers: r.waivers(d.Waivers, bool(d.WithoutExpiry)),
	}
	c.WithoutExpiry = bool(d.WithoutExpiry)
	c.Gate = r.gate(&d.Gate)
	for _, f := range d.Frameworks {
		c.Frameworks = append(c.Frameworks, Choice{f.name, r.origin(f.line)})
	}
	for id, o := range d.Rules.Off {
		c.Off[model.RuleID(id)] = model.Off{Reason: string(o.Reason), Origin: r.origin(int(o.Line))}
	}
	for id, list := range d.Parameters {
		for _, p := range list {
			o := model.Override{
				Where: p.Where.model(), Set: map[string]any{}, Why: string(p.Why), Origin: r.origin(int(p.Line)),
			}
			for name, v := range p.Set {
				o.Set[string(name)] = v.any
			}
			c.Overrides[model.RuleID(id)] = append(c.Overrides[model.RuleID(id)], o)
		}
	}
	for _, action := range slices.Sorted(maps.Keys(d.Remediation)) {
		for _, p := range d.Remediation[action] {
			repair := Repair{Action: string(action), Where: p.Where.model(), Set: map[string]string{}, Origin: r.origin(int(p.Line))}
			for name, v := range p.Set {
				repair.Set[string(name)] = fmt.Sprint(v.any)
				if list, ok := v.any.([]string); ok {
					repair.Set[string(name)] = strings.Join(list, ",")
				}
			}
			c.Remediation = append(c.Remediation, repair)
		}
	}
	return c
}

func (w *where) model() model.Where {
	m := model.Where{Account: string(w.Account), Region: string(w.Region), Name: string(w.Name)}
	for key, pattern := range w.Tag {
		if m.Tags == nil {
			m.Tags = map[string]string{}
		}
		m.Tags[string(key)] = string(pattern)
	}
	return m
}

func (r *reader) gate(d *gate) Gate {
	g := Gate{FailOn: string(d.FailOn), MinSeverity: model.Severity(d.MinSeverity)}
	for _, f := range d.Frameworks {
		g.Frameworks = append(g.Frameworks, Choice{f.name, r.origin(f.line)})
	}
	for reason, p := range map[model.Reason]unknownPolicy{
		model.ReasonAfterApply: d.Unknown.AfterApply, model.ReasonNotInSource: d.Unknown.NotInSource,
		model.ReasonUnresolved: d.Unknown.Unresolved, model.ReasonFailed: d.Unknown.Failed,
	} {
		if p.Action != "" {
			if g.Unknown == nil {
				g.Unknown = map[model.Reason]model.UnknownPolicy{}
			}
			g.Unknown[reason] = model.UnknownPolicy{Action: model.UnknownAction(p.Action), MinSeverity: model.Severity(p.MinSeverity)}
		}
	}
	return g
}

func (r *reader) waivers(list []waiver, withoutExpiry bool) []model.Waiver {
	var all []model.Waiver
	for _, w := range list {
		line := int(w.Line)
		switch {
		case w.Expires.IsZero() && !withoutExpiry && !w.Created.IsZero(): // else something worse is wrong with it
			r.fail(line, "waiver", "expires is missing: say until when the failure is accepted, or set waivers_without_expiry: true")
		case !w.Expires.IsZero() && w.Expires.Before(w.Created.Date):
			r.fail(line, "waiver", "it expires on %s, before it is created on %s", w.Expires, w.Created)
		}
		all = append(all, model.Waiver{
			Rule: model.RuleID(w.Rule), Where: model.Where{Account: string(w.Account), Region: string(w.Region), Resource: string(w.Resource)},
			Reason: string(w.Reason), Owner: string(w.Owner), ApprovedBy: string(w.ApprovedBy),
			Created: w.Created.Date, Expires: w.Expires.Date, CompensatingControl: string(w.CompensatingControl), Origin: r.origin(line),
		})
	}
	return all
}

func (r *reader) origin(line int) model.Origin { return model.Origin{File: r.file, Line: line} }

func texts(list []text) []string {
	var all []string
	for _, t := range list {
		all = append(all, string(t))
	}
	return all
}
