package reports

import (
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// soon is when the end of a waiver is near enough to mark it.
const soon = 30 * 24 * time.Hour

// waivers are the failures that somebody accepted: by whom, why and until when.
func (d *document) waivers() {
	d.raw("<h2 id=\"waived\">Waived</h2>\n")
	if d.total[partWaived] == 0 {
		d.raw("<p>Nothing: no failure is accepted by a waiver.</p>\n")
		return
	}
	d.table("waived-table", "Waived failures", "These fail, and somebody accepted it for a time. The verdict does not count them, and they are no passes.",
		"rule", "resource", "where", "fails because", "expires", "accepted by", "reason")
	left := 0
	for _, of := range d.rules {
		for _, r := range of.excused {
			d.excused(of.rule, r)
		}
		left += of.count[partWaived] - len(of.excused)
	}
	d.endTable()
	if left > 0 {
		d.raw("<p class=\"quiet\">and " + num(left) + " more, in the table of all results</p>\n")
	}
}

func (d *document) excused(rule *model.Rule, r row) {
	w := r.waiver
	if w == nil { // as in the text: the failure is shown, and nobody says who accepted it
		w = &model.Waiver{ApprovedBy: "nobody", Owner: "none", Reason: waivedBy(nil)}
	}
	d.raw("<tr><td>" + d.links([]model.RuleID{rule.ID}) + "</td>")
	d.element("td", "name", r.name)
	d.element("td", "", r.where)
	d.element("td", "", strings.Join(r.why[:len(r.why)-1], "; ")) // the last says who accepted it, which the row says in columns
	expires, class := "never", "unknown"
	if !w.Expires.IsZero() {
		expires, class = w.Expires.String(), ""
		if !d.report.TakenAt.IsZero() && w.Expires.Ends().Sub(d.report.TakenAt) < soon {
			expires, class = expires+", soon", "unknown"
		}
	}
	d.element("td", class, expires)
	d.element("td", "", w.ApprovedBy+"; owner "+w.Owner)
	reason := w.Reason
	if w.CompensatingControl != "" {
		reason += "; instead: " + w.CompensatingControl
	}
	if at := w.Origin.String(); at != "" {
		reason += " (" + at + ")"
	}
	d.element("td", "", clip(Clean(strings.TrimPrefix(reason, "; ")), annotationText))
	d.raw("</tr>\n")
}
