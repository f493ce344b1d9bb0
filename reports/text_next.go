package reports

import (
	"fmt"

	"github.com/keyproof/keyproof/model"
)

// next is the end, where the eye is when a long report has scrolled by: what to
// type now, and the answer once more with the meaning of the exit code.
func (p *page) next(r *model.Report, o Options) {
	p.heading("Next")
	p.steps(moreSteps(r))
	p.newline()
	p.verdict(r, o)
	p.exit(r, o)
}

// allWell says whether there is nothing to tell but that.
func allWell(r *model.Report, o Options) bool {
	c := r.Total()
	return o.Verdict == model.VerdictPass && c.Fail+c.Unknown+c.Waived == 0 && len(r.Gaps()) == 0
}

// well is the end of a report with nothing wrong, which is short.
func (p *page) well(r *model.Report, o Options) {
	p.newline()
	p.exit(r, o)
	p.newline()
	p.steps(moreSteps(r))
}

// moreSteps are the commands that tell more.
func moreSteps(r *model.Report) [][2]string {
	all := "all " + count(r.Total().Total(), "result") + " with the reasons, for programs"
	steps := [][2]string{{"--output json=report.json", "added to the command: " + all}}
	if denied(r) {
		steps = append(steps, [2]string{"keyproof permissions", "the IAM policy that lets a scan read everything it needs"})
	}
	return steps
}

// steps lists commands to type with what they give.
func (p *page) steps(steps [][2]string) {
	widest := 0
	for _, s := range steps {
		widest = max(widest, columns(s[0]))
	}
	at := rowIndent + widest + 3
	for _, s := range steps {
		lead := []span{plain("  "), painted(cyan, s[0])}
		if p.width-at < whyLeast {
			p.para(lead, 0, 0)
			p.para(nil, 3*rowIndent, 3*rowIndent, plain(s[1]))
		} else {
			p.para(lead, at, at, plain(s[1]))
		}
	}
}

// denied says whether a missing permission kept a result from being known.
func denied(r *model.Report) bool {
	for _, u := range r.Summary.Unknowns {
		if u.Reason == model.ReasonAccessDenied {
			return true
		}
	}
	for _, s := range r.Gaps() {
		if s.Gap.Reason == model.ReasonAccessDenied {
			return true
		}
	}
	return false
}

// exit says what the exit code means.
func (p *page) exit(r *model.Report, o Options) {
	p.para(nil, 0, 2, painted(faint, fmt.Sprintf("exit code %d: ", o.Verdict.ExitCode())+meaning(r, o)))
}

// meaning is the exit code in words.
func meaning(r *model.Report, o Options) string {
	c := r.Total()
	counts := "of severity " + string(o.least()) + " or worse"
	if o.least() == model.SeverityCritical {
		counts = "of severity critical"
	}
	switch {
	case isGate(r) && o.Verdict == model.VerdictFail:
		return "something that counts against the change fails"
	case isGate(r) && o.Verdict == model.VerdictPass:
		return "nothing that counts against the change fails or is unknown"
	case isGate(r) && c.Pass+c.Fail+c.Unknown+c.Waived > 0:
		return "nothing that counts against the change fails, but something is unknown"
	case o.Verdict == model.VerdictFail:
		return "something " + counts + " fails" + mild(r, o)
	case allWell(r, o):
		return "everything that was judged passes, and every list was complete"
	case o.Verdict == model.VerdictPass && c.Fail+c.Unknown == 0 && c.Waived > 0 && len(r.Gaps()) > 0:
		return "everything that was judged passes or is waived, but not everything could be listed"
	case o.Verdict == model.VerdictPass && c.Fail+c.Unknown == 0 && c.Waived > 0:
		return "everything that was judged passes or is waived, and every list was complete"
	case o.Verdict == model.VerdictPass && c.Fail+c.Unknown == 0:
		return "everything that was judged passes, but not everything could be listed"
	case o.Verdict == model.VerdictPass:
		return "nothing " + counts + " fails or is unknown" + mild(r, o)
	case c.Pass+c.Fail+c.Unknown+c.Waived == 0:
		return "nothing was judged, and silence is not a pass"
	default:
		return "nothing " + counts + " fails, but not everything could be known" + mild(r, o)
	}
}

// mild says how many failures do not count.
func mild(r *model.Report, o Options) string {
	n := 0
	for _, s := range model.Severities() {
		if s.Rank() > o.least().Rank() {
			n += r.BySeverity(s).Fail
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %s milder than %s %s not count", count(n, "failure"), o.least(), verb(n, "does", "do"))
}

// nothing is what a report says that judged nothing.
func (p *page) nothing(r *model.Report, o Options) {
	p.gaps(r)
	p.heading("What to try")
	switch {
	case len(r.Rules) == 0:
		p.para(nil, 2, 2, plain("At least one rule is needed: leave out the options that choose rules."))
	case r.Source == "live":
		p.steps([][2]string{
			{"aws sts get-caller-identity", "is this the account that you meant?"},
			{"keyproof scan --profile NAME", "another account"},
			{"keyproof scan --region all", "every region that the account has enabled"},
		})
	default:
		p.para(nil, 2, 2, plain(r.Source+" has no secrets, parameters, keys, trails, functions or databases: is it the file that you meant?"))
	}
	p.newline()
	p.exit(r, o)
}
