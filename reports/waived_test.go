package reports_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// accepted is theReport with waived failures, a rule that is off, and values
// for some resources.
func accepted(t testing.TB) *model.Report {
	t.Helper()
	day := func(s string) model.Date {
		d, err := model.ParseDate(s)
		require.NoError(t, err)
		return d
	}
	at := func(line int) model.Origin { return model.Origin{File: "keyproof.yaml", Line: line} }
	legacy := &model.Waiver{
		Rule: "SM-001", Where: model.Where{Resource: "prod/*"}, Reason: "switched off in June \x1b[2J", Owner: "payments", ApprovedBy: "CISO",
		Created: day("2026-01-10"), Expires: day("2026-06-30"), CompensatingControl: "reads raise an alarm", Origin: at(12),
	}
	expired := &model.Waiver{
		Rule: "SM-007", Where: model.Where{Resource: "*"}, Reason: "r", Owner: "web", ApprovedBy: "CISO", Created: day("2025-01-10"), Expires: day("2025-06-30"), Origin: at(20),
	}
	results := theResults()
	for _, r := range results {
		if r.Rule == "SM-001" && r.Status == model.StatusFail {
			r.Status, r.Waiver = model.StatusWaived, legacy
		}
		if r.Rule == "SM-002" && r.Status == model.StatusFail {
			r.Overrides = []int{0}
		}
	}
	for _, w := range []*model.Waiver{legacy, expired} {
		r := &model.Result{
			Rule: "WAIVER-001", Resource: model.ResourceID{Kind: model.KindWaiver, ID: w.Origin.String()}, Name: string(w.Rule) + " on " + w.Where.Resource,
			Origin: &w.Origin, Status: model.StatusPass, Waiver: w,
		}
		if w == expired {
			r.Status, r.Findings = model.StatusFail, []model.Finding{{Attribute: "expires", Message: "expired on 2025-06-30"}}
		}
		results = append(results, r)
	}
	rules := append(theRules(), model.Rule{
		ID: "WAIVER-001", Title: "Waivers have not expired", Kind: model.KindWaiver, Severity: model.SeverityMedium,
		Remediation: model.Remediation{Text: "Decide again."},
	})
	rules[1].Overrides = []model.Override{{
		Where: model.Where{Account: shop, Tags: map[string]string{"env": "prod"}}, Set: map[string]any{"max_days": 30.0}, Why: "board", Origin: at(5),
	}}
	rules[len(theRules())-1].Off = &model.Off{Reason: "owners are kept elsewhere", Origin: at(3)}
	r := newReport(rules, results)
	r.Scopes, r.Frameworks = theScopes(), theFrameworks()
	return r
}

// without leaves results of a status out.
func without(r *model.Report, status ...model.Status) *model.Report {
	var kept []*model.Result
	for res := range r.Results {
		keep := true
		for _, s := range status {
			keep = keep && res.Status != s
		}
		if keep {
			kept = append(kept, res)
		}
	}
	left := newReport(r.Rules, kept)
	left.Frameworks = r.Frameworks
	return left
}

func TestTextShowsWaivers(t *testing.T) {
	r := accepted(t)
	out := write(t, "text", r, judged(r, 120, 3))
	require.Contains(t, out, "FAIL  10 failing · 11 unknown · 6 waived · 17 passing")
	require.Contains(t, out, "Waived: these fail, and somebody accepted it for a time")
	require.Contains(t, out, "6 waived\n")
	flat := strings.Join(strings.Fields(out), " ")
	require.Contains(t, flat, `waived by CISO until 2026-06-30; owner payments; switched off in June \x1b[2J; instead: reads raise an alarm (keyproof.yaml:12)`)
	require.Contains(t, out, "and 3 more, all in the json report")
	require.Regexp(t, `WAIVER-001  medium  Waivers have not expired +1 of 2 fails`, out)
	require.Regexp(t, `SM-007 on \*  keyproof.yaml:20  expired on 2025-06-30`, out)
	require.Contains(t, out, "Switched off")
	require.Contains(t, flat, "owners are kept elsewhere (keyproof.yaml:3)")
	require.Contains(t, flat, "max_days is 30 days for account 111122223333, tag env=prod: board")
	require.Regexp(t, `high +│ +5 │ +1 │ +3 │ +6 │ +7 │`, out, "the table has a column of waived ones")
	require.NotContains(t, write(t, "text", theReport(), judged(theReport(), 120, 3)), "waived", "and only if there are any")
}

func TestWaivedIsNotPassed(t *testing.T) {
	r := without(accepted(t), model.StatusFail, model.StatusUnknown)
	o := judged(r, 120, 0)
	require.Equal(t, model.VerdictPass, o.Verdict)
	out := write(t, "text", r, o)
	require.Contains(t, out, "PASS  nothing fails · 6 waived · 17 passing")
	require.Contains(t, out, "exit code 0: everything that was judged passes or is waived, and every list was complete")
	require.NotContains(t, out, "all 23 results pass")
	require.Contains(t, out, "switched off in June")
	all := without(accepted(t), model.StatusFail, model.StatusUnknown, model.StatusWaived)
	require.Contains(t, write(t, "text", all, judged(all, 120, 0)), "owners are kept elsewhere", "what is off is said though all passes")
}

func TestJSONOfWaivers(t *testing.T) {
	r := accepted(t)
	out := write(t, "json", r, judged(r, 0, 0))
	require.NoError(t, validate(compileSchema(t), out))
	require.Contains(t, out, `"status":"waived","findings":[{"message":"automatic rotation is off"`)
	require.Contains(t, out, `"waiver":{"rule":"SM-001","where":{"resource":"prod/*"},"reason":"switched off in June \u001b[2J","owner":"payments","approved_by":"CISO","created":"2026-01-10","expires":"2026-06-30","compensating_control":"reads raise an alarm","origin":{"file":"keyproof.yaml","line":12}}`)
	require.Contains(t, out, `"overrides":[{"where":{"account":"111122223333","tags":{"env":"prod"}},"set":{"max_days":30},"why":"board"`)
	require.Contains(t, out, `"overrides":[0]`)
	require.Contains(t, out, `"off":{"reason":"owners are kept elsewhere"`)
}
