package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func date(t *testing.T, s string) model.Date {
	t.Helper()
	d, err := model.ParseDate(s)
	require.NoError(t, err)
	return d
}

// accept is a waiver of T-1 that is in force at now, 2026-01-02.
func accept(t *testing.T, resource string, change func(*model.Waiver)) model.Waiver {
	w := model.Waiver{
		Rule: "T-1", Where: model.Where{Resource: resource}, Reason: "r", Owner: "web", ApprovedBy: "CISO",
		Created: date(t, "2025-06-01"), Expires: date(t, "2026-06-01"), Origin: model.Origin{File: "k.yaml", Line: 4},
	}
	if change != nil {
		change(&w)
	}
	return w
}

func TestWaivers(t *testing.T) {
	fail := secret("prod/a", func(s *model.Secret) { s.RotationIntervalDays = model.Known(100) })
	pass := secret("prod/b", func(s *model.Secret) { s.RotationIntervalDays = model.Known(50) })
	open := secret("prod/c", nil)
	const waived, failed, passed, unknown, na = model.StatusWaived, model.StatusFail, model.StatusPass, model.StatusUnknown, model.StatusNotApplicable
	for _, c := range []struct {
		name            string
		waiver          model.Waiver
		on              *model.Resource
		want            model.Status
		expired, unused model.Status
	}{
		{"by name", accept(t, "prod/*", nil), fail, waived, passed, passed},
		{"by ARN", accept(t, "arn:secret:prod/?", nil), fail, waived, passed, passed},
		{"by account and region", accept(t, "*", func(w *model.Waiver) { w.Where.Account, w.Where.Region = "111122223333", "eu-*" }), fail, waived, passed, passed},
		{"without expiry", accept(t, "*", func(w *model.Waiver) { w.Expires = model.Date{} }), fail, waived, passed, passed},
		{"on its last day", accept(t, "*", func(w *model.Waiver) { w.Expires = date(t, "2026-01-02") }), fail, waived, passed, passed},
		{"the day after", accept(t, "*", func(w *model.Waiver) { w.Expires = date(t, "2026-01-01") }), fail, failed, failed, na},
		{"created today where it is tomorrow", accept(t, "*", func(w *model.Waiver) { w.Created = date(t, "2026-01-03") }), fail, waived, passed, passed},
		{"not yet", accept(t, "*", func(w *model.Waiver) { w.Created = date(t, "2026-01-04") }), fail, failed, passed, na},
		{"another name", accept(t, "dev/*", nil), fail, failed, passed, failed},
		{"another rule", accept(t, "*", func(w *model.Waiver) { w.Rule = "T-2" }), fail, failed, passed, failed},
		{"a region that was not scanned", accept(t, "*", func(w *model.Waiver) { w.Where.Region = "us-*" }), fail, failed, passed, na},
		{"an ARN elsewhere", accept(t, "arn:aws:secretsmanager:us-east-1:111122223333:secret:*", nil), fail, failed, passed, na},
		{"an ARN here", accept(t, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:gone*", nil), fail, failed, passed, failed},
		{"a pass stays a pass", accept(t, "*", nil), pass, passed, passed, failed},
		{"the unknown cannot be waived", accept(t, "*", nil), open, unknown, passed, unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			other := ruleText("other", "T-2", "secret", "", `violation contains {"message": "x"} if input.resource.name == "never"`)
			j := configured(t, Settings{Waivers: []model.Waiver{c.waiver}}, interval, other)
			report, results := evaluate(t, j, snapshot(listed(model.KindSecret), c.on))
			require.Len(t, results, 4)
			r := results[0]
			require.Equal(t, c.want, r.Status)
			require.Equal(t, c.want == waived, r.Waiver != nil)
			require.Equal(t, c.want == waived || c.want == failed, len(r.Findings) > 0, "a waived failure keeps its findings")
			require.Equal(t, c.want == waived, report.Total().Waived == 1)
			for i, want := range []model.Status{c.expired, c.unused} {
				r := results[2+i]
				require.Equal(t, []model.RuleID{ruleExpired, ruleUnused}[i], r.Rule)
				require.Equal(t, want, r.Status, "%s: %+v", r.Rule, r)
				require.Equal(t, want == failed, len(r.Findings) > 0)
				require.Equal(t, want == na, len(r.NotApplicable) > 0)
				require.Equal(t, want == unknown, len(r.Unknown) > 0)
				require.Equal(t, model.ResourceID{Kind: model.KindWaiver, ID: "k.yaml:4"}, r.Resource)
				require.Equal(t, &model.Origin{File: "k.yaml", Line: 4}, r.Origin)
				require.Equal(t, c.waiver, *r.Waiver)
			}
			require.NotNil(t, report.Rule(ruleExpired))
			require.Equal(t, 1, report.Summary.Resources[model.KindSecret])
			require.Len(t, report.Summary.Resources, 1, "waivers are no resources")
		})
	}
}

func TestExpiredWaiverSaysSo(t *testing.T) {
	w := accept(t, "*", func(w *model.Waiver) { w.Expires = date(t, "2025-12-31") })
	_, results := evaluate(t, configured(t, Settings{Waivers: []model.Waiver{w}}, interval), snapshot(nil))
	require.Equal(t, "expired on 2025-12-31, 2 days before this scan, and waives nothing any more; its owner is web", results[0].Findings[0].Message)
	require.Equal(t, "T-1 on *", results[0].Name)
}

// TestFirstWaiverCounts: of several the first in force waives, and none of the
// others is said to cover nothing.
func TestFirstWaiverCounts(t *testing.T) {
	old := accept(t, "*", func(w *model.Waiver) { w.Expires, w.Origin.Line = date(t, "2025-12-31"), 1 })
	first := accept(t, "a", func(w *model.Waiver) { w.Origin.Line = 2 })
	second := accept(t, "*", func(w *model.Waiver) { w.Origin.Line = 3 })
	j := configured(t, Settings{Waivers: []model.Waiver{old, first, second}}, interval)
	report, results := evaluate(t, j, snapshot(nil, secret("a", func(s *model.Secret) { s.RotationIntervalDays = model.Known(100) })))
	require.Equal(t, 2, results[0].Waiver.Origin.Line)
	require.Equal(t, model.Counts{Pass: 2, NotApplicable: 1}, report.Summary.ByRule[ruleUnused])
	require.Equal(t, model.Counts{Fail: 1, Pass: 2}, report.Summary.ByRule[ruleExpired])
}

// TestWaiversOfGaps: what could not be listed might be covered.
func TestWaiversOfGaps(t *testing.T) {
	j := configured(t, Settings{Waivers: []model.Waiver{accept(t, "prod/*", nil)}}, interval)
	_, results := evaluate(t, j, snapshot(gap(model.KindSecret)))
	require.Equal(t, model.StatusUnknown, results[0].Status)
	require.Equal(t, model.StatusUnknown, results[2].Status, "%+v", results[2])
}

// TestWaiversOfRulesThatDoNotJudge: nobody knows what they would cover.
func TestWaiversOfRulesThatDoNotJudge(t *testing.T) {
	other := ruleText("other", "T-2", "secret", "", `violation contains {"message": "x"} if input.resource.name == "never"`)
	s := Settings{Waivers: []model.Waiver{accept(t, "*", nil)}}
	j, err := New(t.Context(), Options{Settings: s, Only: []model.RuleID{"T-2"}}, files(interval, other))
	require.NoError(t, err)
	_, results := evaluate(t, j, snapshot(listed(model.KindSecret), secret("a", nil)))
	require.Equal(t, []string{"rule T-1 did not judge in this scan"}, results[2].NotApplicable)
	s.Off = map[model.RuleID]model.Off{"T-1": {Reason: "r"}}
	_, results = evaluate(t, configured(t, s, interval), snapshot(listed(model.KindSecret), secret("a", nil)))
	require.Equal(t, []string{"rule T-1 did not judge in this scan"}, results[2].NotApplicable)
}
