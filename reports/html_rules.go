package reports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// worstFirst puts what fails first, then what is unknown, waived and well, and
// leaves the order within: by severity.
func (d *document) worstFirst() {
	rank := func(of *changedRule) int {
		return slices.Index(model.Statuses(), d.report.Summary.ByRule[of.rule.ID].Status())
	}
	slices.SortStableFunc(d.rules, func(a, b *changedRule) int { return cmp.Compare(rank(a), rank(b)) })
}

// ruleSections say what each rule with results is for, what fails and how to
// mend it.
func (d *document) ruleSections() {
	d.raw("<h2 id=\"rules\">Rules, worst first</h2>\n<p class=\"unfold\" hidden><button type=\"button\" data-unfold=\"open\">Open all</button> <button type=\"button\" data-unfold=\"\">Close all</button></p>\n")
	for i, of := range d.rules {
		d.rule(i, of)
	}
	var silent []string
	for i := range d.report.Rules {
		if rule := &d.report.Rules[i]; d.anchor(rule.ID) == "" {
			silent = append(silent, string(rule.ID))
		}
	}
	if len(silent) > 0 {
		d.element("p", "quiet", count(len(silent), "rule")+" found nothing to judge: "+strings.Join(silent, ", "))
	}
}

// rule is open from the start where a reader has to act at once: in a report on
// a change on all that it breaks, in one of accounts on what is critical.
func (d *document) rule(i int, of *changedRule) {
	c := d.report.Summary.ByRule[of.rule.ID]
	d.raw(`<details class="rule" id="rule-` + strconv.Itoa(i) + `"`)
	if of.count[partIntroduced] > 0 && (isGate(d.report) || of.rule.Severity == model.SeverityCritical) {
		d.raw(" open")
	}
	d.raw("><summary>" + severityBadge(of.rule.Severity) + " ")
	d.element("strong", "", string(of.rule.ID)+" "+of.rule.Title)
	d.raw(" <span class=\"counts\">")
	for _, b := range barOf("", c).parts {
		if b.n > 0 {
			d.raw("<span class=\"" + b.class + "\">" + num(b.n) + " " + b.word + "</span> ")
		}
	}
	if c.NotApplicable > 0 {
		d.raw("<span class=\"quiet\">" + num(c.NotApplicable) + " not applicable</span>")
	}
	d.raw("</span></summary>\n<div class=\"inside\">\n")
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
	d.raw("<p><a href=\"#all\" data-rule=\"" + strconv.Itoa(i) + "\">" + count(c.Total(), "result") + " of this rule</a></p>\n</div></details>\n")
}

// severityBadge is markup; a severity that does not exist looks like advice.
func severityBadge(s model.Severity) string {
	class := s
	if !slices.Contains(model.Severities(), s) {
		class = model.SeverityInfo
	}
	return `<span class="badge ` + string(class) + `">` + htmlText(string(s)) + "</span>"
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

// rows are the first of n resources: name, place and reasons.
func (d *document) rows(rows []row, n int) {
	if n == 0 {
		return
	}
	d.raw("<ul class=\"rows\">\n")
	for _, r := range rows {
		d.raw("<li>")
		d.element("span", "name", r.name)
		where := r.where
		if where == r.name {
			where = ""
		}
		d.raw(" ")
		d.element("span", "quiet", where)
		d.raw(" ")
		d.element("span", "", strings.Join(r.why, "; "))
		d.raw("</li>\n")
	}
	if more := n - len(rows); more > 0 {
		d.raw("<li>and " + num(more) + " more, in the table of all results</li>\n")
	}
	d.raw("</ul>\n")
}
