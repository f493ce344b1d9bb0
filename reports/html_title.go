package reports

import (
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// title says the verdict, its numbers, what was judged when and with what, and
// what to mend first.
func (d *document) title() {
	r := d.report
	verdict := d.o.Verdict.String()
	d.raw("<header>\n<p class=\"brand\">keyproof · how secrets are kept on AWS</p>\n")
	d.element("h1", "", heading(r))
	d.raw("<p class=\"answer " + verdict + "\"><strong class=\"badge\">" + verdict + "</strong> ")
	d.text(meaning(r, d.o))
	d.raw("</p>\n")
	d.tiles()
	if d.o.Against != "" {
		d.element("p", "", d.o.Against)
	}
	d.raw("<dl class=\"facts\">\n")
	for _, fact := range facts(r, d.o) {
		if fact[1] != "" {
			d.raw("<div>")
			d.element("dt", "", fact[0])
			d.element("dd", "", fact[1])
			d.raw("</div>\n")
		}
	}
	d.raw("</dl>\n<nav aria-label=\"Contents\"><a href=\"#posture\">Posture</a> <a href=\"#unknown\">What is not known</a> <a href=\"#frameworks\">Frameworks</a> <a href=\"#rules\">Rules</a> <a href=\"#waived\">Waived</a> <a href=\"#parameters\">Parameters</a> <a href=\"#all\">All results</a></nav>\n</header>\n")
	d.first()
}

// heading names what the report is of.
func heading(r *model.Report) string {
	accounts, regions := places(r.Scopes)
	switch {
	case isGate(r):
		return "Proposed change: " + r.Source
	case len(accounts) == 0:
		return "Compliance report: " + r.Source
	case len(accounts) == 1:
		return "Compliance report: account " + accounts[0] + ", " + count(len(regions), "region")
	default:
		return "Compliance report: " + count(len(accounts), "account") + ", " + count(len(regions), "region")
	}
}

// facts are the scope, the time and the versions. An empty one is left out.
func facts(r *model.Report, o Options) [][2]string {
	accounts, regions := places(r.Scopes)
	var found, frameworks []string
	for _, k := range model.Kinds() {
		if n := r.Summary.Resources[k]; n > 0 && k != model.KindAccount {
			found = append(found, count(n, kindWord(k)))
		}
	}
	for i := range r.Frameworks {
		frameworks = append(frameworks, strings.TrimSpace(frameworkTitle(&r.Frameworks[i])+" "+r.Frameworks[i].Version))
	}
	taken := ""
	if !r.TakenAt.IsZero() {
		taken = r.TakenAt.UTC().Format(time.RFC3339)
	}
	return [][2]string{
		{"source", r.Source}, {"taken", taken}, {"accounts", list(accounts)}, {"read by", callersOf(r)}, {"regions", list(regions)}, {"judged", list(found)},
		{"results", count(r.Total().Total(), "result") + " of " + count(len(r.Rules), "rule")}, {"frameworks", strings.Join(frameworks, " · ")},
		{"events", strings.Join(recordLines(r), " · ")}, {"not judged", unread(r)}, {"counts", "severity " + string(o.least()) + " and worse"}, {"tool", "keyproof " + strings.TrimPrefix(r.Tool, "keyproof ")},
	}
}

// callersOf is who read the accounts, by their ARNs, which name the accounts.
func callersOf(r *model.Report) string {
	var arns []string
	for _, c := range r.Callers {
		arns = append(arns, c.ARN)
	}
	return some(arns, 4, "caller")
}

// tiles are the numbers behind the verdict, large; where there are none to
// speak of, the words for it.
func (d *document) tiles() {
	c, t := d.report.Total(), d.total
	if c.Total() == c.NotApplicable {
		d.element("p", "", textOf(answer(d.report, d.o)))
		return
	}
	type tile struct {
		n           int
		word, class string
		always      bool
	}
	all := []tile{{c.Fail, "failing", "fail", true}, {c.Unknown, "unknown", "unknown", true}, {c.Waived, "waived", "waived", false}}
	if isGate(d.report) {
		all = []tile{{t[partIntroduced], "introduced", "fail", true}, {t[partExisting], "existing", "fail", false},
			{t[partFixed], "fixed", "pass", false}, {t[partUnknown], "unknown", "unknown", true}, {t[partWaived], "waived", "waived", false}}
		c = d.quiet
	}
	d.raw("<ul class=\"tiles\">\n")
	for _, i := range append(all, tile{c.Pass, "passing", "pass", true}, tile{c.NotApplicable, "not applicable", "quiet", false}) {
		if i.n > 0 || i.always {
			d.raw("<li class=\"" + i.class + "\"><strong>" + num(i.n) + "</strong> " + i.word + "</li>\n")
		}
	}
	d.raw("</ul>\n")
}

// firstRules is how many rules are named as what to mend first.
const firstRules = 5

// first names the worst rules that fail.
func (d *document) first() {
	n := 0
	for _, of := range d.rules {
		if of.count[partIntroduced] == 0 {
			continue
		}
		if n++; n == 1 {
			d.raw("<section class=\"first\" aria-labelledby=\"first\"><h2 id=\"first\">Mend first</h2>\n<ol>\n")
		}
		d.raw("<li>" + severityBadge(of.rule.Severity) + " " + d.links([]model.RuleID{of.rule.ID}) + " ")
		d.text(of.rule.Title)
		d.raw(" <span class=\"fail\">" + num(of.count[partIntroduced]) + "</span></li>\n")
		if n == firstRules {
			break
		}
	}
	if n > 0 {
		d.raw("</ol></section>\n")
	}
}
