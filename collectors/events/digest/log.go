package digest

import (
	"fmt"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
)

// maxGaps bounds the gaps of a model.EventChain.
const maxGaps = 100

// Chain is the report in the words of a snapshot, for a record of the time from since
// until until. What is proven is the time that the chains of all trails, accounts and
// regions prove.
func (r *Report) Chain(since, until time.Time) model.EventChain {
	out := model.EventChain{Verdict: r.Verdict(), Gaps: []string{}}
	for i, c := range r.Chains {
		if c.From.IsZero() {
			out.From, out.Until = c.From, c.To
			break
		}
		if i == 0 || c.From.After(out.From) {
			out.From = c.From
		}
		if i == 0 || c.To.Before(out.Until) {
			out.Until = c.To
		}
	}
	if !out.From.Before(out.Until) { // they have no time in common
		out.From, out.Until = time.Time{}, time.Time{}
	}
	if len(r.Chains) == 0 {
		out.Gaps = append(out.Gaps, "there is no digest file: log file validation was off, or CloudTrail-Digest is not in the archive")
	}
	if out.Verdict == model.VerdictPass && (out.From.After(since) || out.Until.Before(until)) {
		out.Verdict = model.VerdictUnknown
		out.Gaps = append(out.Gaps, fmt.Sprintf("the record is of %s to %s, and no digest is of the rest of it", since.Format(time.RFC3339), until.Format(time.RFC3339)))
	}
	for _, p := range r.Problems {
		if len(out.Gaps) == maxGaps {
			break
		}
		out.Gaps = append(out.Gaps, fmt.Sprintf("%s %s: %s", strings.ReplaceAll(string(p.Kind), "_", " "), p.File, p.Detail))
	}
	return out
}

// Distrust makes a gap of each account and region whose record was tampered with: a
// log that is missing, or another one than CloudTrail delivered, says nothing.
func (r *Report) Distrust(scopes []model.EventScope) {
	if r.tampered && r.MoreProblems > 0 { // those that are not listed may be of any
		distrust(scopes, events.Place{}, fmt.Sprintf("%d problems", len(r.Problems)+r.MoreProblems))
		return
	}
	for _, p := range r.Problems {
		if !p.Kind.Tampering() {
			continue
		}
		distrust(scopes, events.PlaceOf(p.File), p.File+": "+p.Detail)
	}
}

func distrust(scopes []model.EventScope, place events.Place, why string) {
	for i := range scopes {
		s := &scopes[i]
		if s.Gap == nil && (place.Account == "" || s.Account == place.Account) && (place.Region == "" || s.Region == place.Region) {
			s.Gap = &model.Unknown{Reason: model.ReasonFailed, Detail: "it was tampered with: " + why}
		}
	}
}
