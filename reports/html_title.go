package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// title says the verdict, its numbers, and what was judged when and with what.
func (d *document) title() {
	r := d.report
	d.raw("<header>\n<h1>keyproof report</h1>\n<p><span class=\"verdict " + d.o.Verdict.String() + "\">" + d.o.Verdict.String() + "</span> ")
	numbers := answer(r, d.o)
	if isGate(r) {
		numbers = changeAnswer(r, d.o, d.total, d.quiet)
	}
	d.element("strong", "", textOf(numbers))
	d.raw("</p>\n<p class=\"quiet\">")
	d.text(meaning(r, d.o))
	d.raw("</p>\n<dl class=\"facts\">\n")
	accounts, regions := places(r.Scopes)
	var found []string
	for _, k := range model.Kinds() {
		if n := r.Summary.Resources[k]; n > 0 {
			found = append(found, count(n, kindWord(k)))
		}
	}
	taken := ""
	if !r.TakenAt.IsZero() {
		taken = r.TakenAt.UTC().Format(time.RFC3339)
	}
	for _, fact := range [][2]string{
		{"source", r.Source}, {"taken", taken}, {"accounts", list(accounts)}, {"regions", list(regions)}, {"judged", list(found)},
		{"results", count(r.Total().Total(), "result") + " of " + count(len(r.Rules), "rule")}, {"counts", "severity " + string(d.o.least()) + " and worse"},
		{"keyproof", strings.TrimPrefix(r.Tool, "keyproof ")},
	} {
		if fact[1] != "" {
			d.element("dt", "", fact[0])
			d.element("dd", "", fact[1])
			d.raw("\n")
		}
	}
	d.raw("</dl>\n<nav aria-label=\"Contents\"><a href=\"#frameworks\">Frameworks</a> · <a href=\"#unknown\">Unknown</a> · <a href=\"#rules\">Rules</a> · <a href=\"#all\">All results</a></nav>\n</header>\n")
}

// parameters names the values in use that somebody chose, and the rules that do
// not judge.
func (d *document) parameters() {
	var lines []string
	for i := range d.report.Rules {
		rule := &d.report.Rules[i]
		for _, line := range paramLines(rule) {
			lines = append(lines, string(rule.ID)+": "+line)
		}
		if rule.Off != nil {
			lines = append(lines, fmt.Sprintf("%s is switched off: %s %s", rule.ID, rule.Off.Reason, rule.Off.Origin))
		}
	}
	d.raw("<h2>Parameters that were changed</h2>\n")
	if len(lines) == 0 {
		d.raw("<p>None: every rule judged with its default values.</p>\n")
		return
	}
	d.list(lines)
}

// list writes texts as a list.
func (d *document) list(lines []string) {
	d.raw("<ul>\n")
	for _, line := range lines {
		d.element("li", "", strings.TrimSpace(line))
		d.raw("\n")
	}
	d.raw("</ul>\n")
}

// waivers are the failures that somebody accepted.
func (d *document) waivers() {
	if d.total[partWaived] == 0 {
		return
	}
	d.raw("<h2>Waived</h2>\n<p>These fail, and somebody accepted it for a time.</p>\n")
	for _, of := range d.rules {
		if of.count[partWaived] > 0 {
			d.element("h3", "", string(of.rule.ID)+" "+of.rule.Title)
			d.rows(of.excused, of.count[partWaived])
		}
	}
}

// unsettled is what is not known, with what would settle it, and what could not
// even be listed.
func (d *document) unsettled() {
	r := d.report
	gaps := gapLines(r.Gaps())
	d.raw("<h2 id=\"unknown\">What is not known</h2>\n")
	if d.total[partUnknown] == 0 && len(gaps) == 0 {
		d.raw("<p>Nothing: every rule could read what it needs.</p>\n")
		return
	}
	if n := d.total[partUnknown]; n > 0 {
		d.raw("<div class=\"wide\"><table><caption>" + count(n, "result") + " " + verb(n, "is", "are") + " unknown, neither pass nor fail</caption><thead><tr><th scope=\"col\">reason</th><th scope=\"col\" class=\"n\">results</th><th scope=\"col\">where</th><th scope=\"col\">what would settle it</th></tr></thead><tbody>\n")
		for _, u := range r.Summary.Unknowns {
			d.raw("<tr>")
			d.element("td", "", u.String())
			d.element("td", "n", num(u.Results))
			d.element("td", "", spots(u.Accounts, u.Regions))
			d.element("td", "", u.Settle())
			d.raw("</tr>\n")
		}
		d.raw("</tbody></table></div>\n")
	}
	if len(gaps) > 0 {
		d.raw("<h3>What could not be listed at all, so that nobody knows how much is missing</h3>\n")
		d.list(gaps)
	}
}
