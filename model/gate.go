package model

import (
	"cmp"
	"slices"
)

// GatePolicy says what counts against a proposed change.
type GatePolicy struct {
	// MinSeverity is the mildest severity that counts; empty means low.
	MinSeverity Severity
	// Existing makes failures count that were there before the change; else only
	// those do that it introduces.
	Existing bool
	// Frameworks limits what counts to rules that are evidence for one of them;
	// empty means all.
	Frameworks []string
	// Unknown says what is done about unknown results, by reason. A reason that is
	// not there has the default: DefaultUnknown.
	Unknown map[Reason]UnknownPolicy
}

// UnknownPolicy is what is done about what nobody can say of a change.
type UnknownPolicy struct {
	Action UnknownAction
	// MinSeverity is the mildest severity of a rule at which the action is taken;
	// milder results only warn. Empty means any.
	MinSeverity Severity
}

// UnknownAction is what an unknown result does to a gate.
type UnknownAction string

// The actions, mildest first.
const (
	UnknownIgnored UnknownAction = "ignore" // not said in the summary; the result stays unknown
	UnknownWarns   UnknownAction = "warn"   // said, and left to the scan after the change
	UnknownFails   UnknownAction = "fail"   // the verdict is unknown
)

// UnknownActions lists all actions, mildest first.
func UnknownActions() []UnknownAction {
	return []UnknownAction{UnknownIgnored, UnknownWarns, UnknownFails}
}

// DefaultUnknown is what is done about an unknown result where nobody says. What
// a file cannot know is no fault of who wrote it: the scan after the change must
// prove it. A rule or a reader that went wrong is another matter.
func DefaultUnknown(r Reason) UnknownPolicy {
	switch r {
	case ReasonAfterApply, ReasonNotInSource, ReasonUnresolved, ReasonNotCollected:
		return UnknownPolicy{Action: UnknownWarns}
	default:
		return UnknownPolicy{Action: UnknownFails}
	}
}

// On is what is done about a result that is unknown for some reasons: the
// strictest of what each asks for.
func (p *GatePolicy) On(unknown map[string]Unknown, s Severity) UnknownAction {
	strictest := UnknownIgnored
	if len(unknown) == 0 {
		strictest = UnknownFails // unknown, and nobody says why
	}
	for _, why := range unknown {
		policy, ok := p.Unknown[why.Reason]
		if !ok {
			policy = DefaultUnknown(why.Reason)
		}
		action := policy.Action
		if policy.MinSeverity != "" && s.Rank() > policy.MinSeverity.Rank() {
			action = UnknownWarns
		}
		if slices.Index(UnknownActions(), action) > slices.Index(UnknownActions(), strictest) {
			strictest = action
		}
	}
	return strictest
}

// Counts says whether results of a rule count at all.
func (p *GatePolicy) counts(r *Rule) bool {
	if r == nil || r.Severity.Rank() > cmp.Or(p.MinSeverity, SeverityLow).Rank() {
		return false
	}
	return len(p.Frameworks) == 0 || slices.ContainsFunc(p.Frameworks, func(f string) bool { return len(r.Controls[f]) > 0 })
}

// GateCounts are the numbers behind the verdict of a gate.
type GateCounts struct {
	Introduced, Existing, Fixed int
	Waived                      int
	Unknown                     int // unknown results that warn or fail
	// Counting are the results that decide: what fails the gate, and what keeps it
	// from passing.
	CountingFailures, CountingUnknown int
}

// Gate judges the report of a proposed change as a whole. Unlike a scan, a
// change about which there is nothing to judge passes: it changes nothing that
// the rules are about.
func (r *Report) Gate(p GatePolicy) (Verdict, GateCounts, error) {
	var c GateCounts
	rules := map[RuleID]*Rule{}
	for i := range r.Rules {
		rules[r.Rules[i].ID] = &r.Rules[i]
	}
	for res, err := range r.Results {
		if err != nil {
			return VerdictUnknown, c, err
		}
		rule := rules[res.Rule]
		c.add(res)
		if !p.counts(rule) {
			continue
		}
		switch {
		case res.Status == StatusFail && (p.Existing || res.Delta != DeltaExisting):
			c.CountingFailures++
		case res.Status == StatusUnknown:
			switch p.On(res.Unknown, rule.Severity) {
			case UnknownFails:
				c.CountingUnknown++
				c.Unknown++
			case UnknownWarns:
				c.Unknown++
			default:
			}
		}
	}
	switch {
	case c.CountingFailures > 0:
		return VerdictFail, c, nil
	case c.CountingUnknown > 0:
		return VerdictUnknown, c, nil
	default:
		return VerdictPass, c, nil
	}
}

func (c *GateCounts) add(r *Result) {
	switch {
	case r.Delta == DeltaFixed:
		c.Fixed++
	case r.Status == StatusWaived:
		c.Waived++
	case r.Status == StatusFail && r.Delta == DeltaExisting:
		c.Existing++
	case r.Status == StatusFail:
		c.Introduced++
	}
}
