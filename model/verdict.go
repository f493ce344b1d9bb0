package model

// Verdict is the answer of scan and gate as a whole. The zero value is unknown.
type Verdict int

// The verdicts.
const (
	VerdictUnknown Verdict = iota
	VerdictFail
	VerdictPass
)

// ExitCode is the exit code of the process for the verdict: 0 pass, 3 something
// fails, 4 nothing fails but something is unknown. (1 and 2 are for work that
// could not be done and for wrong usage.)
func (v Verdict) ExitCode() int {
	switch v {
	case VerdictPass:
		return 0
	case VerdictFail:
		return 3
	default:
		return 4
	}
}

// String returns pass, fail or unknown.
func (v Verdict) String() string {
	switch v {
	case VerdictPass:
		return "pass"
	case VerdictFail:
		return "fail"
	default:
		return "unknown"
	}
}

// VerdictPolicy says what counts against a verdict.
type VerdictPolicy struct {
	// MinSeverity is the mildest severity that counts; empty means low, so that
	// advice (info) does not fail a scan.
	MinSeverity Severity
}

// Verdict judges the report as a whole. A report in which no rule of any
// severity passes or fails anything is unknown: silence is not a pass. Waived
// failures do not count; results on waivers do, but break no silence.
func (r *Report) Verdict(p VerdictPolicy) Verdict {
	least := p.MinSeverity
	if least == "" {
		least = SeverityLow
	}
	c := r.sum(func(rule *Rule) bool { return rule.Severity.Rank() <= least.Rank() })
	all := r.sum(func(rule *Rule) bool { return rule.Kind != KindWaiver })
	switch {
	case c.Fail > 0:
		return VerdictFail
	case c.Unknown > 0 || all.Pass+all.Fail+all.Waived == 0:
		return VerdictUnknown
	default:
		return VerdictPass
	}
}
