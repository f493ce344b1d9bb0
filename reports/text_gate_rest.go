package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// brief lists the resources of a part by rule, a line or two for each.
func (p *page) brief(c *changed, in part, title string, i ink) {
	if c.total[in] == 0 {
		return
	}
	p.heading(title)
	for _, of := range c.rules {
		n := of.count[in]
		if n == 0 {
			continue
		}
		p.ruleLine(of.rule, num(n), i)
		p.para(nil, 2, 4, painted(faint, someRows(of.shown[in], n)))
	}
}

// someRows names the first of n resources with their places.
func someRows(rows []row, n int) string {
	var names []string
	for _, r := range rows[:min(len(rows), briefRows)] {
		name := r.name
		if r.where != "" && r.where != r.name {
			name += " (" + r.where + ")"
		}
		names = append(names, name)
	}
	text := strings.Join(names, ", ")
	if more := n - len(names); more > 0 {
		text += " and " + num(more) + " more"
	}
	return text
}

// unproven says what the change leaves open, by reason, so that a reader sees
// what the scan of the account must prove once the change is made.
func (p *page) unproven(c *changed) {
	n := c.total[partUnknown]
	if n == 0 {
		return
	}
	p.heading("To be proven after apply: " + count(n, "result") + " " + verb(n, "is", "are") + " unknown, neither pass nor fail")
	for _, u := range c.unproven {
		p.para(nil, 2, 4, painted(yellow, reasonWord(u.reason)), plain(": "+count(u.results, "result")))
		p.para(nil, 4, 6, painted(faint, unprovenRules(u, shownUnknown)))
	}
	if c.ignored > 0 {
		p.para(nil, 2, 4, painted(faint, ignoredWords(c.ignored)))
	}
}

// ignoredWords says that not all that is unknown is listed, and why.
func ignoredWords(n int) string {
	return count(n, "unknown result") + " " + verb(n, "is", "are") + " not listed: the policy of the gate ignores " + verb(n, "it", "them")
}

// reasonWord is a reason without the call or the expression that it is about.
func reasonWord(reason model.Reason) string {
	switch reason {
	case model.ReasonAccessDenied:
		return "denied"
	case model.ReasonFailed:
		return "a call failed"
	default:
		return model.Unknown{Reason: reason}.String()
	}
}

// unprovenRules writes "SM-003 8 (last_rotated_days_ago) · KMS-001 2 (state)",
// the first most of them.
func unprovenRules(u *unproven, most int) string {
	var parts []string
	for _, of := range u.rules[:min(len(u.rules), most)] {
		text := string(of.id) + " " + num(of.results)
		if len(of.about) > 0 {
			text += " (" + strings.Join(of.about, ", ") + ")"
		}
		parts = append(parts, text)
	}
	if more := len(u.rules) - len(parts); more > 0 {
		parts = append(parts, "and "+count(more, "more rule"))
	}
	return strings.Join(parts, " · ")
}
