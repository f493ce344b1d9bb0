package waivecomment_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/waivecomment"
	"github.com/keyproof/keyproof/model"
)

func day(t *testing.T, s string) model.Date {
	t.Helper()
	d, err := model.ParseDate(s)
	require.NoError(t, err)
	return d
}

func TestParse(t *testing.T) {
	w, found, err := waivecomment.Parse(` keyproof:waive SM-001 reason="rotated by \"hand\"" expires=2026-12-31 owner=payments approved_by='the board' created=2026-01-31 compensating_control=vault ticket=SEC-7`, false)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, model.Waiver{
		Rule: "SM-001", Reason: `rotated by "hand" (SEC-7)`, Owner: "payments", ApprovedBy: "the board",
		Created: day(t, "2026-01-31"), Expires: day(t, "2026-12-31"), CompensatingControl: "vault",
	}, w)
	_, found, err = waivecomment.Parse("a comment on keyproof:waive", false)
	require.NoError(t, err)
	require.False(t, found)
	_, _, err = waivecomment.Parse("keyproof:waive SM-001 reason=x", true)
	require.NoError(t, err)
}

func TestWrongWaivers(t *testing.T) {
	for text, want := range map[string]string{
		"keyproof:waive":                                                       "needs the id of a rule",
		"keyproof:waive sm-1 reason=x":                                         "needs the id of a rule",
		"keyproof:waived SM-001 reason=x":                                      "needs the id of a rule",
		"keyproof:waive SM-001":                                                "reason is missing",
		`keyproof:waive SM-001 reason=" "`:                                     "reason is missing",
		"keyproof:waive SM-001 reason=x":                                       "expires is missing",
		"keyproof:waive SM-001 because we want to":                             "write name=value",
		`keyproof:waive SM-001 reason="open`:                                   "write name=value",
		"keyproof:waive SM-001 reason=x reason=y":                              "reason is there twice",
		"keyproof:waive SM-001 reason=x expire=2026-12-31":                     `there is no "expire", did you mean expires?`,
		"keyproof:waive SM-001 reason=x expires=2026-02-30":                    "is not a date",
		"keyproof:waive SM-001 reason=x expires=2026-01-01 created=2026-01-02": "before it is created",
	} {
		_, found, err := waivecomment.Parse(text, false)
		require.True(t, found, text)
		require.ErrorContains(t, err, want, text)
	}
}
