package reports

import (
	"github.com/keyproof/keyproof/model"
)

// isGate says whether a report is of a proposed change and not of accounts.
func isGate(r *model.Report) bool { return r.Elsewhere != nil }

// part is the section of a report that a result belongs to.
type part int

// The parts. In a scan every failure is introduced: nothing says that it was
// there before.
const (
	partQuiet      part = iota // passes, and not applicable
	partIntroduced             // fails, and did not before for this reason
	partExisting               // fails, and did before
	partUnknown
	partWaived
	partFixed // failed before
)

// partOf never hides what fails: a failure without a delta, or with one that
// contradicts it, counts as introduced.
func partOf(res *model.Result) part {
	switch res.Status {
	case model.StatusFail:
		if res.Delta == model.DeltaExisting {
			return partExisting
		}
		return partIntroduced
	case model.StatusWaived:
		return partWaived
	case model.StatusPass, model.StatusNotApplicable:
		if res.Delta == model.DeltaFixed {
			return partFixed
		}
		return partQuiet
	default:
		return partUnknown
	}
}

// tally counts results by part.
type tally [partFixed + 1]int

func (t *tally) add(o tally) {
	for i := range t {
		t[i] += o[i]
	}
}

// byNature says whether a result is unknown only because what was read cannot
// know it before the change is made: no work on the source would settle it.
func byNature(res *model.Result) bool {
	for _, why := range res.Unknown {
		if why.Reason != model.ReasonAfterApply && why.Reason != model.ReasonNotInSource {
			return false
		}
	}
	return len(res.Unknown) > 0
}

// counts says whether a severity counts in the verdict.
func (o Options) counts(s model.Severity) bool { return s.Rank() <= o.least().Rank() }

// addressOf is what a resource is called where it is written: its address in a
// file, or its name.
func addressOf(res *model.Result) string {
	if o := res.Origin; o != nil && o.Address != "" && !res.Gap {
		return Clean(o.Address)
	}
	return nameOf(res)
}
