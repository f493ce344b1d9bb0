package reports

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

// frameworks is a table of each framework's controls and results by status. The
// results are left out where it is to be short or the page is too narrow for them.
func (p *page) frameworks(r *model.Report, short bool) {
	if len(r.Frameworks) == 0 {
		return
	}
	g := grid{
		groups: []string{"", "controls", "controls", "controls", "controls", "controls", "results", "results", "results", "results"},
		names:  []string{"framework", "fail", "unknown", "waived", "pass", "no result", "fail", "unknown", "waived", "pass"},
	}
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		controls, none := controlCounts(r, f)
		results := r.ByControl(f.ID, "")
		g.rows = append(g.rows, []string{
			p.paint(bold, Clean(frameworkTitle(f))),
			p.number(controls.Fail, model.StatusFail), p.number(controls.Unknown, model.StatusUnknown),
			p.number(controls.Waived, model.StatusWaived), p.number(controls.Pass, model.StatusPass), p.number(none, model.StatusNotApplicable),
			p.number(results.Fail, model.StatusFail), p.number(results.Unknown, model.StatusUnknown),
			p.number(results.Waived, model.StatusWaived), p.number(results.Pass, model.StatusPass),
		})
	}
	if r.Total().Waived == 0 {
		g.drop("waived")
	}
	if short || g.room(p.width) < nameLeast {
		g.cut(slices.Index(g.groups, "results"))
	}
	p.table(g)
	p.coverage(r)
}

// controlCounts counts the controls of a framework by status. none are those
// without any judgement: no rule, or no rule that applies to what was found.
func controlCounts(r *model.Report, f *model.Framework) (c model.Counts, none int) {
	for _, control := range f.Controls {
		of := r.ByControl(f.ID, control.ID)
		if of.Total() == of.NotApplicable {
			none++
		} else {
			c.Add(of.Status())
		}
	}
	return c, none
}

// severities is a table of the results by severity.
func (p *page) severities(r *model.Report) {
	g := grid{names: []string{"severity", "rules", "fail", "unknown", "waived", "pass", "not applicable"}}
	for _, s := range model.Severities() {
		rules := 0
		for i := range r.Rules {
			if r.Rules[i].Severity == s {
				rules++
			}
		}
		if rules == 0 {
			continue
		}
		of := r.BySeverity(s)
		g.rows = append(g.rows, []string{
			p.paint(severityInk(s), string(s)), num(rules),
			p.number(of.Fail, model.StatusFail), p.number(of.Unknown, model.StatusUnknown),
			p.number(of.Waived, model.StatusWaived), p.number(of.Pass, model.StatusPass), p.number(of.NotApplicable, model.StatusNotApplicable),
		})
	}
	if r.Total().Waived == 0 {
		g.drop("waived")
	}
	if g.room(p.width) < nameLeast {
		g.cut(len(g.names) - 1)
	}
	p.table(g)
}

func frameworkTitle(f *model.Framework) string {
	if f.Title == "" {
		return f.ID
	}
	return f.Title
}

// number is a count for a table; zero is a dot, so that what is there stands out.
func (p *page) number(n int, s model.Status) string {
	if n == 0 {
		return p.paint(faint, "·")
	}
	return p.paint(statusInk(s), num(n))
}
