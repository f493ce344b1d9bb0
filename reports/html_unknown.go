package reports

import "github.com/keyproof/keyproof/model"

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
		d.table("unknowns", "What is not known", count(n, "result")+" "+verb(n, "is", "are")+" unknown, neither pass nor fail", "reason", "results#", "where", "what would settle it")
		for _, u := range r.Summary.Unknowns {
			d.raw("<tr>")
			d.element("td", "", u.String())
			d.number(u.Results, "unknown")
			d.element("td", "", spots(u.Accounts, u.Regions))
			d.element("td", "", settle(u.Unknown))
			d.raw("</tr>\n")
		}
		d.endTable()
	}
	if len(gaps) > 0 {
		d.raw("<h3>What could not be listed at all, so that nobody knows how much is missing</h3>\n")
		d.list(gaps)
	}
}

// settle is what a person can do to make something known.
func settle(u model.Unknown) string {
	switch u.Reason {
	case model.ReasonAfterApply, model.ReasonNotInSource:
		return "a scan after the change"
	default:
		return or(u.Settle(), "nothing here: see the reason")
	}
}
