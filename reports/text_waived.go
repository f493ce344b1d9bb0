package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// waive adds a waived failure to a group.
func (g *group) waive(res *model.Result, keep, width int) {
	g.waived++
	if len(g.excused) < keep {
		r := rowOf(res, width)
		r.waiver = res.Waiver
		r.why = append(r.why, clip(Clean(waivedBy(res.Waiver)), 5*width))
		g.excused = append(g.excused, r)
	}
}

// waivedBy says who accepted a failure, until when and why. A comment in code need
// not say who.
func waivedBy(w *model.Waiver) string {
	if w == nil {
		return "waived, and nobody says by whom"
	}
	text := "waived"
	if w.ApprovedBy != "" {
		text += " by " + w.ApprovedBy
	}
	if w.Expires.IsZero() {
		text += " without expiry"
	} else {
		text += " until " + w.Expires.String()
	}
	if w.Owner != "" {
		text += "; owner " + w.Owner
	}
	text += "; " + w.Reason
	if w.CompensatingControl != "" {
		text += "; instead: " + w.CompensatingControl
	}
	if at := w.Origin.String(); at != "" {
		text += " (" + at + ")"
	}
	return text
}

// waivers lists the failures that somebody accepted, by rule. They stay in
// sight: accepted is not passed.
func (p *page) waivers(groups []*group) {
	started := false
	for _, g := range groups {
		if g.waived == 0 {
			continue
		}
		if started {
			p.newline()
		} else {
			p.heading("Waived: these fail, and somebody accepted it for a time")
			started = true
		}
		p.ruleLine(g.rule, num(g.waived)+" waived", cyan)
		p.newline()
		c := p.cols(g.excused)
		for _, r := range g.excused {
			p.row(c, r)
		}
		if n := g.waived - len(g.excused); n > 0 {
			p.para(nil, rowIndent, 2*rowIndent, painted(faint, "and "+num(n)+" more, all in the json report"))
		}
	}
}

// switchedOff lists the rules that do not judge, with the reasons.
func (p *page) switchedOff(r *model.Report) {
	started := false
	for i := range r.Rules {
		rule := &r.Rules[i]
		if rule.Off == nil {
			continue
		}
		if !started {
			p.heading("Switched off, so that nothing was judged by them")
			started = true
		}
		p.ruleLine(rule, "off", yellow)
		reason := rule.Off.Reason
		if at := rule.Off.Origin.String(); at != "" {
			reason = strings.TrimSpace(reason + " (" + at + ")")
		}
		p.para(nil, 2, 4, plain(reason))
	}
}
