package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCounts(t *testing.T) {
	var c Counts
	require.Equal(t, StatusUnknown, c.Status(), "nothing at all is unknown")
	for _, step := range []struct {
		add, then Status
	}{
		{StatusNotApplicable, StatusNotApplicable},
		{StatusPass, StatusPass},
		{"", StatusUnknown}, // the zero status
		{StatusWaived, StatusUnknown},
		{StatusUnknown, StatusUnknown},
		{StatusFail, StatusFail},
		{StatusPass, StatusFail},
	} {
		c.Add(step.add)
		require.Equal(t, step.then, c.Status())
	}
	require.Equal(t, Counts{Fail: 1, Unknown: 2, Pass: 2, NotApplicable: 1, Waived: 1}, c)
	require.Equal(t, 7, c.Total())
	require.Equal(t, StatusWaived, Counts{Waived: 1, Pass: 9, NotApplicable: 3}.Status(), "a waived failure is no pass")
	require.Equal(t, Counts{2, 4, 4, 2, 2}, c.Plus(c))
}

func TestTally(t *testing.T) {
	denied := func(detail string) Unknown {
		return Unknown{Reason: ReasonAccessDenied, Action: "a:B", Detail: detail}
	}
	failed := Unknown{Reason: ReasonFailed, Action: "a:C", Detail: "timeout"}
	in := func(account, region string) ResourceID {
		return ResourceID{Kind: KindSecret, Account: account, Region: region}
	}
	tally := NewTally()
	for _, r := range []Result{
		{Rule: "A", Status: StatusUnknown, Resource: in("2", "x"), Unknown: map[string]Unknown{"a": denied("req 1"), "b": denied("req 2"), "c": failed}},
		{Rule: "A", Status: StatusUnknown, Resource: in("1", "x"), Unknown: map[string]Unknown{"a": denied("req 3")}},
		{Rule: "B", Status: StatusUnknown, Resource: in("2", "w"), Unknown: map[string]Unknown{"a": {Reason: ReasonFailed, Action: "a:C", Detail: "reset"}}},
		{Rule: "B", Status: StatusFail, Resource: in("2", "w")},
		{Rule: "B", Status: StatusPass},
	} {
		tally.Add(&r)
	}
	want := []UnknownCount{
		{denied(""), 2, []string{"1", "2"}, []string{"x"}},
		{Unknown{Reason: ReasonFailed, Action: "a:C", Detail: "reset"}, 1, []string{"2"}, []string{"w"}},
		{failed, 1, []string{"2"}, []string{"x"}},
	}
	for range 2 {
		sum := tally.Done()
		require.Equal(t, map[RuleID]Counts{"A": {Unknown: 2}, "B": {Unknown: 1, Fail: 1, Pass: 1}}, sum.ByRule)
		require.Equal(t, want, sum.Unknowns, "one line a permission, most results first")
	}
}

// Counting a resource at a time is the same as counting its results one by one.
func TestTallyOfJudged(t *testing.T) {
	one, all := NewTally(), NewTally()
	for _, j := range judged() {
		all.AddJudged(j)
		for place := range j.Rules {
			one.Add(j.result(place))
		}
	}
	require.NotEmpty(t, all.Done().Unknowns)
	require.Equal(t, one.Done(), all.Done())
}

// report is a report with one rule of each severity and the given counts.
func report(counts map[Severity]Counts) *Report {
	r := &Report{Summary: Summary{ByRule: map[RuleID]Counts{}}}
	for _, s := range Severities() {
		id := RuleID("R-" + s)
		r.Rules = append(r.Rules, Rule{ID: id, Severity: s, Controls: map[string][]string{"soc2": {"CC6.1", string("C-" + s)}}})
		r.Summary.ByRule[id] = counts[s]
	}
	return r
}

func TestVerdict(t *testing.T) {
	var zero Verdict
	require.Equal(t, VerdictUnknown, zero)
	pass, fail, unknown, na := Counts{Pass: 1}, Counts{Fail: 1}, Counts{Unknown: 1}, Counts{NotApplicable: 1}
	waived := Counts{Waived: 1}
	for _, c := range []struct {
		name   string
		counts map[Severity]Counts
		least  Severity
		want   Verdict
		exit   int
	}{
		{"nothing", nil, "", VerdictUnknown, 4},
		{"only passes", map[Severity]Counts{SeverityHigh: pass}, "", VerdictPass, 0},
		{"nothing applies", map[Severity]Counts{SeverityHigh: na}, "", VerdictUnknown, 4},
		{"passes, and some do not apply", map[Severity]Counts{SeverityHigh: na, SeverityLow: pass}, "", VerdictPass, 0},
		{"a failure among passes", map[Severity]Counts{SeverityHigh: pass, SeverityLow: fail}, "", VerdictFail, 3},
		{"an unknown among passes", map[Severity]Counts{SeverityHigh: pass, SeverityLow: unknown}, "", VerdictUnknown, 4},
		{"failure and unknown", map[Severity]Counts{SeverityHigh: unknown, SeverityLow: fail}, "", VerdictFail, 3},
		{"only waived failures", map[Severity]Counts{SeverityHigh: waived}, "", VerdictPass, 0},
		{"a failure beside waived ones", map[Severity]Counts{SeverityHigh: waived, SeverityLow: fail}, "", VerdictFail, 3},
		{"an unknown beside waived ones", map[Severity]Counts{SeverityHigh: waived, SeverityLow: unknown}, "", VerdictUnknown, 4},
		{"advice does not count", map[Severity]Counts{SeverityHigh: pass, SeverityInfo: fail}, "", VerdictPass, 0},
		{"unknown advice does not count", map[Severity]Counts{SeverityHigh: pass, SeverityInfo: unknown}, "", VerdictPass, 0},
		{"only advice passes", map[Severity]Counts{SeverityInfo: pass}, "", VerdictPass, 0},
		{"a failure milder than asked, and nothing else", map[Severity]Counts{SeverityMedium: fail}, SeverityHigh, VerdictPass, 0},
		{"advice counts if asked", map[Severity]Counts{SeverityHigh: pass, SeverityInfo: fail}, SeverityInfo, VerdictFail, 3},
		{"mild ones do not count if asked", map[Severity]Counts{SeverityHigh: pass, SeverityMedium: fail, SeverityLow: unknown}, SeverityHigh, VerdictPass, 0},
		{"as bad as asked", map[Severity]Counts{SeverityHigh: fail}, SeverityHigh, VerdictFail, 3},
		{"worse than asked", map[Severity]Counts{SeverityCritical: fail}, SeverityHigh, VerdictFail, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := report(c.counts).Verdict(VerdictPolicy{MinSeverity: c.least})
			require.Equal(t, c.want, got, "%s", got)
			require.Equal(t, c.exit, got.ExitCode())
		})
	}
	require.Equal(t, []string{"pass", "fail", "unknown"}, []string{VerdictPass.String(), VerdictFail.String(), VerdictUnknown.String()})
}

func TestSums(t *testing.T) {
	r := report(map[Severity]Counts{SeverityHigh: {Fail: 1, Pass: 2}, SeverityLow: {Unknown: 3}})
	require.Equal(t, Counts{Fail: 1, Pass: 2, Unknown: 3}, r.Total())
	require.Equal(t, Counts{Unknown: 3}, r.BySeverity(SeverityLow))
	require.Equal(t, r.Total(), r.ByControl("soc2", ""))
	require.Equal(t, r.Total(), r.ByControl("soc2", "CC6.1"))
	require.Equal(t, Counts{Fail: 1, Pass: 2}, r.ByControl("soc2", "C-high"))
	require.Equal(t, Counts{}, r.ByControl("soc2", "CC6.2"))
	require.Equal(t, Counts{}, r.ByControl("hipaa", ""))
	require.Equal(t, SeverityLow, r.Rule("R-low").Severity)
	require.Nil(t, r.Rule("R-none"))
}

func TestSeverities(t *testing.T) {
	for i, s := range Severities() {
		got, err := ParseSeverity(string(s))
		require.NoError(t, err)
		require.Equal(t, s, got)
		require.Equal(t, i, s.Rank())
	}
	_, err := ParseSeverity("High")
	require.ErrorContains(t, err, "critical, high, medium, low or info")
	require.Greater(t, Severity("").Rank(), SeverityInfo.Rank())
	require.ElementsMatch(t, Statuses(), []Status{StatusUnknown, StatusFail, StatusPass, StatusNotApplicable, StatusWaived})
}

func TestGaps(t *testing.T) {
	why := &Unknown{Reason: ReasonRegionOff}
	h := Header{Scopes: []Scope{{Kind: KindKey}, {Kind: KindSecret, Gap: why}}}
	require.Equal(t, []Scope{{Kind: KindSecret, Gap: why}}, h.Gaps())
	require.Empty(t, (&Header{}).Gaps())
}

func TestSilenceOfWaivers(t *testing.T) {
	r := report(nil)
	r.Rules = append(r.Rules, Rule{ID: "WAIVER-001", Kind: KindWaiver, Severity: SeverityMedium})
	r.Summary.ByRule["WAIVER-001"] = Counts{Pass: 1}
	require.Equal(t, VerdictUnknown, r.Verdict(VerdictPolicy{}), "a good waiver is no proof of anything")
	r.Summary.ByRule["WAIVER-001"] = Counts{Fail: 1}
	require.Equal(t, VerdictFail, r.Verdict(VerdictPolicy{}))
}
