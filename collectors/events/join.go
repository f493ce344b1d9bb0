package events

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// Join is what several sources say of the same time. The record of an account and
// region is whole when one of them has it whole. Scopes without an account or a region
// are of one source: what they put in doubt there, another may hold.
func Join(logs []model.EventLog) model.EventLog {
	if len(logs) == 1 {
		return logs[0]
	}
	all := model.EventLog{Scopes: []model.EventScope{}, Chain: model.EventChain{Gaps: []string{}}}
	var names []string
	best := map[where]model.EventScope{}
	for i, log := range logs {
		names = append(names, log.Source)
		if i == 0 || log.From.After(all.From) {
			all.From = log.From
		}
		if i == 0 || log.Until.Before(all.Until) {
			all.Until = log.Until
		}
		all.Records.In += log.Records.In
		all.Records.Relevant += log.Records.Relevant
		all.Records.Irrelevant += log.Records.Irrelevant
		all.Records.Refused += log.Records.Refused
		for _, s := range log.Scopes {
			if s.Account == "" || s.Region == "" {
				continue
			}
			s.Gap = doubt(s, log.Scopes)
			at := where{s.Account, s.Region}
			if had, ok := best[at]; ok {
				s.Records += had.Records
				if had.Gap == nil {
					s.Gap = nil
				}
			}
			best[at] = s
		}
		all.Chain = joinChains(all.Chain, log.Chain, i == 0)
	}
	all.Source = strings.Join(names, ", ")
	for _, s := range best {
		all.Scopes = append(all.Scopes, s)
	}
	slices.SortFunc(all.Scopes, func(a, b model.EventScope) int {
		return where{a.Account, a.Region}.compare(where{b.Account, b.Region})
	})
	return all
}

// doubt is the gap of a scope, also one that could be of any.
func doubt(s model.EventScope, all []model.EventScope) *model.Unknown {
	if s.Gap != nil {
		return s.Gap
	}
	for _, o := range all {
		vague := o.Account == "" || o.Region == ""
		if vague && o.Gap != nil && (o.Account == "" || o.Account == s.Account) && (o.Region == "" || o.Region == s.Region) {
			return o.Gap
		}
	}
	return nil
}

// joinChains: all is proven when all of each source is; one that was tampered with
// is enough.
func joinChains(a, b model.EventChain, first bool) model.EventChain {
	if first {
		return b
	}
	out := model.EventChain{Gaps: append(slices.Clone(a.Gaps), b.Gaps...)}
	switch {
	case a.Verdict == model.VerdictFail || b.Verdict == model.VerdictFail:
		out.Verdict = model.VerdictFail
	case a.Verdict == b.Verdict:
		out.Verdict = a.Verdict
	}
	if !a.From.IsZero() && !b.From.IsZero() {
		out.From, out.Until = a.From, a.Until
		if b.From.After(a.From) {
			out.From = b.From
		}
		if b.Until.Before(a.Until) {
			out.Until = b.Until
		}
	}
	return out
}
