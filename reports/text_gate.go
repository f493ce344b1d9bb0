package reports

import (
	"io"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// briefRows are the resources that are named of one rule where it is not what
// the reader has to act on now.
const briefRows = 3

// writeGateText writes a report on a proposed change for the one who proposes
// it: what the change breaks, where it is written and how to write it right;
// then, in short, what was broken before, what it mends, and what nobody can
// know before it is made.
func writeGateText(w io.Writer, r *model.Report, o Options) error {
	p := newPage(w, o)
	c, err := collectChange(r, o, keep(o), p.width)
	if err != nil {
		return err
	}
	p.line(o, changeAnswer(r, o, c.total, c.quiet)...)
	p.about(r)
	if o.Against != "" {
		p.para(nil, 0, 2, plain(o.Against))
	}
	if r.Total().Total() == 0 {
		p.nothing(r, o)
		return p.flush()
	}
	p.introduced(r, o, c)
	p.brief(c, partExisting, "Existing: these fail, and did before the change", red)
	p.brief(c, partFixed, "Fixed by the change", green)
	p.waivers(c.groups())
	p.unproven(c)
	p.switchedOff(r)
	p.newline()
	p.frameworks(r, true)
	p.heading("Next")
	p.steps(moreSteps(r))
	p.newline()
	p.line(o, changeAnswer(r, o, c.total, c.quiet)...)
	p.exit(r, o)
	return p.flush()
}

// changeAnswer is the numbers behind the verdict on a change.
func changeAnswer(r *model.Report, o Options, t tally, quiet model.Counts) []span {
	if len(r.Rules) == 0 || quiet.NotApplicable == r.Total().Total() {
		return answer(r, o)
	}
	body := []span{plain("nothing introduced")}
	if n := t[partIntroduced]; n > 0 {
		body = []span{painted(statusInk(model.StatusFail), num(n)), plain(" introduced")}
	}
	body = append(body, rest(t[partExisting], model.StatusFail, "existing")...)
	body = append(body, rest(t[partFixed], model.StatusPass, "fixed")...)
	body = append(body, rest(t[partUnknown], model.StatusUnknown, "unknown")...)
	body = append(body, rest(t[partWaived], model.StatusWaived, "waived")...)
	body = append(body, rest(quiet.Pass, model.StatusPass, "passing")...)
	return append(body, rest(quiet.NotApplicable, model.StatusNotApplicable, "not applicable")...)
}

// groups are the rules, for what shows them as in a scan.
func (c *changed) groups() []*group {
	var groups []*group
	for _, of := range c.rules {
		groups = append(groups, of.group)
	}
	return groups
}

// introduced shows each rule that the change breaks, with the places and the
// lines to write.
func (p *page) introduced(r *model.Report, o Options, c *changed) {
	started := false
	for _, of := range c.rules {
		n := of.count[partIntroduced]
		if n == 0 {
			continue
		}
		if started {
			p.newline()
		} else {
			p.heading("Introduced by the change, worst first")
			started = true
		}
		p.ruleLine(of.rule, num(n)+" introduced", red)
		p.newline()
		rows := of.shown[partIntroduced]
		if o.Limit > 0 {
			rows = rows[:min(len(rows), o.Limit)]
		}
		for _, row := range rows {
			p.place(row)
		}
		if more := n - len(rows); more > 0 {
			p.para(nil, rowIndent, 2*rowIndent, painted(faint, "and "+num(more)+" more, all in the json report"))
		}
		p.newline()
		p.controls(r, of.rule)
		p.params(of.rule)
		p.rewrite(of)
	}
}

// place is one failure: where it is written, what, and why.
func (p *page) place(r row) {
	at := r.where
	if at != "" && at != r.name {
		at += "  "
	} else {
		at = ""
	}
	p.para([]span{plain(strings.Repeat(" ", rowIndent)), painted(bold, at)}, rowIndent+columns(at), 3*rowIndent, plain(r.name))
	for _, why := range r.why {
		p.para(nil, 2*rowIndent, 3*rowIndent, painted(red, why))
	}
}

// rewrite says how to mend failures in the language that they are written in.
func (p *page) rewrite(of *changedRule) {
	const at = len("  fix  ")
	lead, indent := []span{plain("  "), painted(bold, "fix"), plain("  ")}, []span{plain(strings.Repeat(" ", at))}
	if text := of.rule.Remediation.Text; text != "" {
		p.para(lead, at, at, plain(text))
		lead = indent
	}
	for i, s := range snippets(of.rule, of.syntaxes) {
		if i > 0 {
			p.newline()
		}
		for _, line := range s.lines {
			if line == "" {
				p.newline()
				continue
			}
			p.para(append(lead, painted(cyan, line)), 0, 0)
			lead = indent
		}
	}
}
