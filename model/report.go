package model

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// Report is a snapshot with its results. Results flow like resources do: the
// sequence can be iterated over any number of times, in the order of resources
// and then of rules.
type Report struct {
	Header
	Rules      []Rule
	Frameworks []Framework
	// NeedEvents are the rules that were not judged, because they need CloudTrail's
	// record of events and none was read. They are not among Rules.
	NeedEvents []RuleID
	Summary    Summary
	Results    iter.Seq2[*Result, error] `json:"-"` // stored apart
}

// Summary counts the results of a report.
type Summary struct {
	Resources map[Kind]int      `json:"resources"` // how many of each kind were judged
	ByRule    map[RuleID]Counts `json:"by_rule"`
	// Unknowns are the reasons for unknown results, most frequent first.
	Unknowns []UnknownCount `json:"unknowns"`
	// Ages are how old secrets are; nil when that was not counted.
	Ages *SecretAges `json:"ages,omitempty"`
}

// Counts is a number of results by status.
type Counts struct {
	Fail          int `json:"fail"`
	Unknown       int `json:"unknown"`
	Pass          int `json:"pass"`
	NotApplicable int `json:"not_applicable"`
	Waived        int `json:"waived"` // failures that somebody accepted
}

// UnknownCount is a reason and how many results it kept from being known.
type UnknownCount struct {
	Unknown
	Results  int      `json:"results"`
	Accounts []string `json:"accounts"` // where, sorted
	Regions  []string `json:"regions"`  // where, sorted
}

// Add counts one more result.
func (c *Counts) Add(s Status) {
	switch s {
	case StatusFail:
		c.Fail++
	case StatusPass:
		c.Pass++
	case StatusNotApplicable:
		c.NotApplicable++
	case StatusWaived:
		c.Waived++
	default:
		c.Unknown++
	}
}

// Plus returns the sum of two counts.
func (c Counts) Plus(o Counts) Counts {
	return Counts{c.Fail + o.Fail, c.Unknown + o.Unknown, c.Pass + o.Pass, c.NotApplicable + o.NotApplicable, c.Waived + o.Waived}
}

// Total is the number of results.
func (c Counts) Total() int { return c.Fail + c.Unknown + c.Pass + c.NotApplicable + c.Waived }

// Status is the worst status among the counts: fail, unknown, waived, pass.
// Nothing but not applicable is not applicable; nothing at all is unknown.
func (c Counts) Status() Status {
	switch {
	case c.Fail > 0:
		return StatusFail
	case c.Unknown > 0 || c.Total() == 0:
		return StatusUnknown
	case c.Waived > 0:
		return StatusWaived
	case c.Pass > 0:
		return StatusPass
	default:
		return StatusNotApplicable
	}
}

// Total sums the counts of all rules.
func (r *Report) Total() Counts {
	return r.sum(func(*Rule) bool { return true })
}

// BySeverity sums the counts of the rules of a severity.
func (r *Report) BySeverity(s Severity) Counts {
	return r.sum(func(rule *Rule) bool { return rule.Severity == s })
}

// ByControl sums the counts of the rules that are evidence for a control.
// Empty control means the whole framework.
func (r *Report) ByControl(framework, control string) Counts {
	return r.sum(func(rule *Rule) bool {
		controls := rule.Controls[framework]
		return len(controls) > 0 && (control == "" || slices.Contains(controls, control))
	})
}

func (r *Report) sum(in func(*Rule) bool) Counts {
	var sum Counts
	for i := range r.Rules {
		if in(&r.Rules[i]) {
			sum = sum.Plus(r.Summary.ByRule[r.Rules[i].ID])
		}
	}
	return sum
}

// Rule returns the rule with an id, or nil.
func (r *Report) Rule(id RuleID) *Rule {
	i := slices.IndexFunc(r.Rules, func(rule Rule) bool { return rule.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Rules[i]
}

// Tally counts results and makes the Summary of them.
type Tally struct {
	Summary
	counted  []*counted // by list of rules
	unknowns map[Unknown]*unknownTally
}

// counted are the counts of the rules of a list, by place.
type counted struct {
	rules  []RuleID
	counts []Counts
}

type unknownTally struct {
	results           int
	accounts, regions map[string]bool
}

// NewTally returns a tally without results.
func NewTally() *Tally {
	return &Tally{
		Summary:  Summary{Resources: map[Kind]int{}, ByRule: map[RuleID]Counts{}},
		unknowns: map[Unknown]*unknownTally{},
	}
}

// Add counts one result.
func (t *Tally) Add(r *Result) {
	c := t.ByRule[r.Rule]
	c.Add(r.Status)
	t.ByRule[r.Rule] = c
	t.addUnknown(r.Resource, r.Unknown)
}

// AddJudged counts all results of a resource, which is quicker than one by one.
func (t *Tally) AddJudged(j *Judged) {
	counts := t.of(j.Rules)
	for place, status := range j.Statuses {
		counts[place].Add(status)
		if d := j.Details[place]; d != nil {
			t.addUnknown(j.Resource, d.Unknown)
		}
	}
}

func (t *Tally) of(rules []RuleID) []Counts {
	for _, c := range t.counted {
		if sameRules(c.rules, rules) {
			return c.counts
		}
	}
	c := &counted{rules, make([]Counts, len(rules))}
	t.counted = append(t.counted, c)
	return c.counts
}

func (t *Tally) addUnknown(at ResourceID, unknown map[string]Unknown) {
	if len(unknown) == 0 {
		return
	}
	seen := map[Unknown]bool{}
	for _, why := range unknown {
		if why.Reason == ReasonAccessDenied {
			why.Detail = "" // one line per permission, not per message
		}
		if seen[why] {
			continue
		}
		seen[why] = true
		u := t.unknowns[why]
		if u == nil {
			u = &unknownTally{accounts: map[string]bool{}, regions: map[string]bool{}}
			t.unknowns[why] = u
		}
		u.results++
		u.accounts[at.Account] = true
		u.regions[at.Region] = true
	}
}

// Done returns the summary.
func (t *Tally) Done() Summary {
	for _, c := range t.counted {
		for place, id := range c.rules {
			if c.counts[place].Total() > 0 {
				t.ByRule[id] = t.ByRule[id].Plus(c.counts[place])
			}
		}
	}
	t.counted, t.Unknowns = nil, nil
	for why, u := range t.unknowns {
		t.Unknowns = append(t.Unknowns, UnknownCount{
			Unknown: why, Results: u.results,
			Accounts: slices.Sorted(maps.Keys(u.accounts)), Regions: slices.Sorted(maps.Keys(u.regions)),
		})
	}
	slices.SortFunc(t.Unknowns, func(a, b UnknownCount) int {
		return cmp.Or(b.Results-a.Results, cmp.Compare(a.Action, b.Action), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Detail, b.Detail))
	})
	return t.Summary
}
