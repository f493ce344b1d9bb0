package reports

import (
	"fmt"
	"io"

	"github.com/keyproof/keyproof/model"
)

// writeText writes a report for a person who reads from the top: the verdict,
// the numbers, what is not known and what would settle it, the failures with how
// to mend them, and what to type next.
//
// The summary comes from report.Summary; the results are iterated once, and
// once more for a rule of which all failures are wanted and do not fit in memory.
func writeText(w io.Writer, r *model.Report, o Options) error {
	if isGate(r) {
		return writeGateText(w, r, o)
	}
	p := newPage(w, o)
	p.verdict(r, o)
	p.about(r)
	if r.Total().Total() == 0 {
		p.unread(r)
		p.nothing(r, o)
		return p.flush()
	}
	p.newline()
	p.frameworks(r, false)
	if allWell(r, o) {
		p.switchedOff(r)
		p.unread(r)
		p.well(r, o)
		return p.flush()
	}
	p.severities(r)
	p.settle(r)
	p.gaps(r)
	found, err := collect(r, keep(o), p.width)
	if err != nil {
		return err
	}
	if err := p.failures(r, o, found); err != nil {
		return err
	}
	p.waivers(found)
	p.unknowns(found)
	p.switchedOff(r)
	p.unread(r)
	p.next(r, o)
	return p.flush()
}

// heading starts a section.
func (p *page) heading(title string) {
	p.newline()
	p.para(nil, 0, 0, painted(bold, title))
	p.newline()
}

func severityInk(s model.Severity) ink {
	switch s {
	case model.SeverityCritical:
		return boldRed
	case model.SeverityHigh:
		return red
	case model.SeverityMedium:
		return yellow
	case model.SeverityLow:
		return cyan
	default:
		return faint
	}
}

func statusInk(s model.Status) ink {
	switch s {
	case model.StatusFail:
		return red
	case model.StatusWaived:
		return cyan
	case model.StatusPass:
		return green
	case model.StatusNotApplicable:
		return faint
	default:
		return yellow
	}
}

func verdictInk(v model.Verdict) ink {
	switch v {
	case model.VerdictFail:
		return onRed
	case model.VerdictPass:
		return onGreen
	default:
		return onYellow
	}
}

// readError says that the results are at fault, not the writer.
func readError(err error) error { return fmt.Errorf("read the results: %w", err) }
