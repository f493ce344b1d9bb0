package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// messageOf is a finding in words, with how often and when its events were seen.
func messageOf(f *model.Finding) string {
	if f.Seen == nil || f.Seen.Count == 0 {
		return f.Message
	}
	switch s := f.Seen; {
	case s.Count == 1:
		return f.Message + " (once, at " + moment(s.First) + ")"
	case moment(s.First) == moment(s.Last):
		return f.Message + " (" + num(s.Count) + " times, at " + moment(s.First) + ")"
	default:
		return f.Message + " (" + num(s.Count) + " times from " + moment(s.First) + " to " + moment(s.Last) + ")"
	}
}

// seenIn is how often and when the events of all findings of a result were seen;
// nil when it rests on none.
func seenIn(res *model.Result) *model.Seen {
	var sum *model.Seen
	for _, f := range res.Findings {
		switch s := f.Seen; {
		case s == nil:
		case sum == nil:
			first := *s
			sum = &first
		default:
			sum.Count += s.Count
			if s.First.Before(sum.First) {
				sum.First = s.First
			}
			if s.Last.After(sum.Last) {
				sum.Last = s.Last
			}
		}
	}
	return sum
}

// attacks names the techniques of MITRE ATT&CK whose traces a rule looks for;
// empty when there are none.
func attacks(rule *model.Rule) string {
	if len(rule.MITRE) == 0 {
		return ""
	}
	return "ATT&CK " + strings.Join(rule.MITRE, ", ")
}
