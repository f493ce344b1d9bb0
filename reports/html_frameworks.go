package reports

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// What is said of a control of which no result says anything.
const (
	controlManual = "manual"    // only an assessor can tell
	controlSilent = "no result" // nothing was there for its rules to judge
)

// controlWord is what results say of a control: the worst status, or that there
// is none.
func controlWord(control *model.Control, c model.Counts) string {
	switch {
	case c.Total() > 0:
		return string(c.Status())
	case control.Coverage == model.CoverageManual:
		return controlManual
	default:
		return controlSilent
	}
}

// controlTables are the controls of each framework, one by one.
func (d *document) controlTables() {
	r := d.report
	d.raw("<h2 id=\"frameworks\">Frameworks, control by control</h2>\n<p class=\"quiet\">Coverage of a control: automated, rules judge all of it; partial, an assessor must see more; manual, only an assessor can tell. A control has the worst status of its results.</p>\n")
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		d.element("h3", "", strings.TrimSpace(frameworkTitle(f)+" "+f.Version))
		d.table("controls-of", "Controls of "+frameworkTitle(f), strings.Join(controlsBar(r, f).words(), ", ")+"; coverage "+coverageOf(f),
			"control", "status", "title", "fail#", "unknown#", "waived#", "pass#", "not applicable#", "coverage", "evidence")
		for j := range f.Controls {
			d.control(f, &f.Controls[j])
		}
		d.endTable()
	}
}

// control is a row: the evidence is the rules that judge, and what an assessor
// must see beside.
func (d *document) control(f *model.Framework, control *model.Control) {
	c := d.report.ByControl(f.ID, control.ID)
	word := controlWord(control, c)
	d.raw("<tr><th scope=\"row\">")
	if c.Total() > 0 {
		d.raw(`<a href="#all" data-control="` + htmlText(f.ID+" "+control.ID) + `">` + htmlText(control.ID) + "</a>")
	} else {
		d.text(control.ID)
	}
	d.raw("</th>")
	d.raw("<td>")
	d.element("span", "badge "+statusClass(word), strings.ReplaceAll(word, "_", " "))
	d.raw("</td>")
	d.element("td", "", control.Title)
	d.number(c.Fail, "fail")
	d.number(c.Unknown, "unknown")
	d.number(c.Waived, "waived")
	d.number(c.Pass, "pass")
	d.number(c.NotApplicable, "quiet")
	d.element("td", "", or(string(control.Coverage), "not stated"))
	d.raw("<td>" + d.links(rulesOf(d.report, f.ID, control.ID)))
	if control.Assessor != "" {
		d.element("p", "quiet", "Assessor: "+control.Assessor)
	}
	d.raw("</td></tr>\n")
}

// statusClass is the class of a word, of those that the style has.
func statusClass(word string) string {
	if slices.Contains(model.Statuses(), model.Status(word)) {
		return word
	}
	return "manual"
}

func rulesOf(r *model.Report, framework, control string) []model.RuleID {
	ids := []model.RuleID{}
	for i := range r.Rules {
		if slices.Contains(r.Rules[i].Controls[framework], control) {
			ids = append(ids, r.Rules[i].ID)
		}
	}
	return ids
}
