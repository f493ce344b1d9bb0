package reports_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestHTMLSaysWhenWaiversEnd: an end that is near, none at all, and a waiver
// that nobody wrote stand out.
func TestHTMLSaysWhenWaiversEnd(t *testing.T) {
	taken := theReport().TakenAt
	day := func(days int) model.Date {
		d, err := model.ParseDate(taken.Add(time.Duration(days) * 24 * time.Hour).Format(time.DateOnly))
		require.NoError(t, err)
		return d
	}
	for name, c := range map[string]struct {
		waiver *model.Waiver
		want   string // cells of the table
	}{
		"far":    {&model.Waiver{Owner: "web", ApprovedBy: "CISO", Reason: "r", Expires: day(60)}, `<td>2026-05-13</td><td>CISO; owner web</td><td>r</td>`},
		"near":   {&model.Waiver{Owner: "web", ApprovedBy: "CISO", Reason: "r", Expires: day(20)}, `<td class="unknown">2026-04-03, soon</td>`},
		"never":  {&model.Waiver{Owner: "web", ApprovedBy: "CISO", Reason: "r"}, `<td class="unknown">never</td>`},
		"nobody": {nil, `<td>nobody; owner none</td><td>waived, and nobody says by whom</td>`},
	} {
		r := newReport(theRules(), []*model.Result{{
			Rule: "SM-001", Name: "a", Resource: model.ResourceID{Kind: model.KindSecret, Account: shop, Region: "us-east-1", ID: "a"},
			Status: model.StatusWaived, Waiver: c.waiver, Findings: []model.Finding{{Message: "off"}},
		}})
		require.Contains(t, write(t, "html", r, judged(r, 0, 0)), c.want, name)
	}
}

// TestHTMLLeavesNothingOut: rules without a result and what settles an unknown.
func TestHTMLLeavesNothingOut(t *testing.T) {
	flat := func(r *model.Report) string { return strings.Join(strings.Fields(parsed(t, r).text), " ") }
	require.Contains(t, flat(plan()), "10 rules found nothing to judge: SM-004, SM-007,")
	require.Contains(t, flat(plan()), "a plan does not know past rotations1a scan after the change")
	require.Contains(t, flat(theReport()), "nothing here: see the reason")
	require.Contains(t, flat(nothingFound()), "nothing was found to judge", "words where there are no numbers")
	require.Contains(t, flat(newReport(nil, nil)), "no rule was loaded, so nothing was judged")
}
