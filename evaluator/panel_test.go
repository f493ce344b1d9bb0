package evaluator

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// needing makes a rule need the record of events.
func needing(text string) string {
	return strings.Replace(text, "#   severity: high\n", "#   severity: high\n#   needs: events\n", 1)
}

// TestNeedsEvents: a rule that needs the record of events judges where one was
// read. Elsewhere it is left out and named: neither a pass nor unknown rows.
func TestNeedsEvents(t *testing.T) {
	both := files(strings.NewReplacer("severity: high", "severity: info", "{soc2: [CC6.1]}", "{}").Replace(ruleText("r", "T-1", "secret", "", off)), needing(ruleText("s", "T-2", "secret", "", off)))
	waiver := model.Waiver{Rule: "T-2", Where: model.Where{Name: "a"}, Reason: "a test"}
	j, err := New(t.Context(), Options{Settings: Settings{Waivers: []model.Waiver{waiver}}}, both)
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		log      *model.EventLog
		rules    []model.RuleID
		left     []model.RuleID
		waiver   model.Status // of the rule on waivers that cover nothing
		coverage model.Coverage
	}{
		{"no record", nil, []model.RuleID{"T-1", ruleExpired, ruleUnused}, []model.RuleID{"T-2"}, model.StatusNotApplicable, model.CoverageManual},
		{"a record", &model.EventLog{}, []model.RuleID{"T-1", "T-2", ruleExpired, ruleUnused}, nil, model.StatusPass, model.CoveragePartial},
	} {
		t.Run(c.name, func(t *testing.T) {
			gap := model.Scope{Kind: model.KindSecret, Account: "111122223333", Region: "us-east-1", Gap: &denied}
			snap := snapshot([]model.Scope{gap}, secret("a", func(s *model.Secret) { s.RotationEnabled = model.Known(false) }))
			snap.Header.Events = c.log
			report, results := evaluate(t, j, snap)
			var ids []model.RuleID
			for _, r := range report.Rules {
				ids = append(ids, r.ID)
			}
			require.Equal(t, c.rules, ids)
			require.Equal(t, c.left, report.NeedEvents)
			require.Equal(t, c.coverage, report.Frameworks[0].Controls[0].Coverage)
			for _, r := range results {
				require.NotContains(t, c.left, r.Rule)
				if r.Rule == ruleUnused {
					require.Equal(t, c.waiver, r.Status)
				}
			}
		})
	}
}
