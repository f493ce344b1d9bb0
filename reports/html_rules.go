package reports

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// controlTables are the controls of each framework, one by one.
func (d *document) controlTables() {
	r := d.report
	d.raw("<h2 id=\"frameworks\">Frameworks, control by control</h2>\n<p class=\"quiet\">automated: rules judge all of it; partial: an assessor must see more; manual: only an assessor can tell.</p>\n")
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		d.element("h3", "", strings.TrimSpace(frameworkTitle(f)+" "+f.Version))
		d.raw("<div class=\"wide\"><table><caption>")
		d.text(coverageOf(f))
		d.raw("</caption><thead><tr><th scope=\"col\">control</th><th scope=\"col\">title</th><th scope=\"col\">status</th><th scope=\"col\">coverage</th>")
		for _, name := range []string{"fail", "unknown", "waived", "pass", "not applicable"} {
			d.raw("<th scope=\"col\" class=\"n\">" + name + "</th>")
		}
		d.raw("<th scope=\"col\">rules</th></tr></thead><tbody>\n")
		for _, control := range f.Controls {
			c := r.ByControl(f.ID, control.ID)
			word := string(c.Status())
			switch {
			case control.Coverage == model.CoverageManual && c.Total() == 0:
				word = "manual"
			case c.Total() == 0:
				word = "no result"
			}
			d.raw("<tr>")
			d.raw("<th scope=\"row\">" + htmlText(control.ID) + "</th>")
			d.element("td", "", control.Title)
			d.element("td", statusClass(word), strings.ReplaceAll(word, "_", " "))
			d.element("td", "", strings.TrimSpace(or(string(control.Coverage), "not stated")+" "+control.Assessor))
			for _, n := range []int{c.Fail, c.Unknown, c.Waived, c.Pass, c.NotApplicable} {
				d.element("td", "n", num(n))
			}
			d.raw("<td>" + d.links(rulesOf(r, f.ID, control.ID)) + "</td></tr>\n")
		}
		d.raw("</tbody></table></div>\n")
	}
}

// statusClass is the class of a word, of those that the style has.
func statusClass(word string) string {
	if word == "manual" || slices.Contains(model.Statuses(), model.Status(word)) {
		return word
	}
	return "quiet"
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

// ruleSections say what each rule with results is for, what fails and how to
// mend it. Those that fail are open.
func (d *document) ruleSections() {
	d.raw("<h2 id=\"rules\">Rules, worst first</h2>\n")
	for i, of := range d.rules {
		d.raw(`<details id="rule-` + strconv.Itoa(i) + `"`)
		if of.count[partIntroduced] > 0 {
			d.raw(" open")
		}
		c := d.report.Summary.ByRule[of.rule.ID]
		d.raw("><summary>")
		d.element("strong", "", string(of.rule.ID)+" "+of.rule.Title)
		d.text(" " + string(of.rule.Severity) + ": ")
		d.element("span", statusClass(string(c.Status())), textOf(append([]span{plain(num(c.Fail) + " failing")}, rest(c.Unknown, "", "unknown")...)))
		d.text(textOf(append(append(rest(c.Waived, "", "waived"), rest(c.Pass, "", "passing")...), rest(c.NotApplicable, "", "not applicable")...)))
		d.raw("</summary>\n")
		d.element("p", "", of.rule.Description)
		if parts := controlParts(d.report, of.rule); len(parts) > 0 {
			d.element("p", "quiet", strings.Join(parts, " · "))
		}
		d.rows(of.shown[partIntroduced], of.count[partIntroduced])
		if n := of.count[partExisting]; n > 0 {
			d.element("p", "", "Failed before the change too:")
			d.rows(of.shown[partExisting], n)
		}
		d.mend(of)
		d.raw("</details>\n")
	}
}

// mend says how to mend what fails, by a command or in the file's language.
func (d *document) mend(of *changedRule) {
	if fix := of.rule.Remediation.Text; fix != "" {
		d.raw("<p><strong>Fix</strong> ")
		d.text(fix)
		d.raw("</p>\n")
	}
	var blocks [][]string
	for _, s := range snippets(of.rule, of.syntaxes) {
		blocks = append(blocks, s.lines)
	}
	if command := of.rule.Remediation.Command; command != "" && of.example != nil {
		filled, note := fill(command, of.example, of.count[partIntroduced])
		if note != "" {
			d.element("p", "quiet", note)
		}
		blocks = append(blocks, commandLines(filled, defaultWidth))
	}
	for _, lines := range blocks {
		d.raw("<pre>")
		for i, line := range lines {
			if i > 0 {
				d.raw("\n")
			}
			d.text(line)
		}
		d.raw("</pre>\n")
	}
}

// rows are the first of n resources.
func (d *document) rows(rows []row, n int) {
	if n == 0 {
		return
	}
	d.raw("<ul>\n")
	for _, r := range rows {
		d.raw("<li>")
		d.element("span", "name", r.name)
		if r.where != "" && r.where != r.name {
			d.text(" ")
			d.element("span", "quiet", r.where)
		}
		d.text(": " + strings.Join(r.why, "; "))
		d.raw("</li>\n")
	}
	if more := n - len(rows); more > 0 {
		d.raw("<li>and " + num(more) + " more, in the table of all results</li>\n")
	}
	d.raw("</ul>\n")
}
