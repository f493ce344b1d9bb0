package reports_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestHTMLShowsAges: each band with its share of all secrets, and what nobody
// could tell among them; nothing where nothing is known.
func TestHTMLShowsAges(t *testing.T) {
	r := theReport()
	require.NotContains(t, write(t, "html", r, judged(r, 0, 0)), "by age of the value")
	r.Summary.Ages = &model.SecretAges{Value: model.Ages{Days30: 1, Older: 2, Unknown: 1}, Rotated: model.Ages{Unknown: 4}}
	out := write(t, "html", r, judged(r, 0, 0))
	require.Contains(t, out, `aria-label="Secrets by age of the value; up to 30 days: 1 secret; more than a year: 2 secrets; unknown: 1 secret"`)
	require.Contains(t, out, `<rect class="bar-age" x="0.0" y="62" width="190.0" height="12"><title>2 secrets</title>`, "half of the whole width")
	require.NotContains(t, out, "time since rotation")
	require.Contains(t, write(t, "json", r, judged(r, 0, 0)), `"ages": {"value":{"days_30":1,"days_90":0,`)
}

func TestHTMLShowsTheTrend(t *testing.T) {
	r := theReport()
	o := judged(r, 0, 0)
	require.NotContains(t, write(t, "html", r, o), "Open results by run")
	for i := range 40 {
		o.History = append(o.History, model.RunSummary{TakenAt: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC), Counts: model.Counts{Fail: 100 - i, Unknown: 10, Pass: 5}})
	}
	out := write(t, "html", r, o)
	chart := out[strings.Index(out, "Open results by run"):]
	chart = chart[:strings.Index(chart, "</svg>")]
	require.Contains(t, chart, "2026-02-09: 61 fail, 10 unknown; 2026-03-14: ", "the last of before, and this run")
	require.NotContains(t, chart, "2026-01-11", "the first are left out")
	require.Equal(t, 30, strings.Count(chart, `class="bar-fail"`))
	require.Contains(t, chart, ">99 at most<")
}

func TestReportsNameTheCallers(t *testing.T) {
	r := theReport()
	r.Callers = []model.Caller{{Account: shop, ARN: "arn:aws:sts::" + shop + ":assumed-role/Audit/keyproof"}}
	require.Contains(t, write(t, "html", r, judged(r, 0, 0)), "<dt>read by</dt><dd>arn:aws:sts::"+shop+":assumed-role/Audit/keyproof</dd>")
	require.Contains(t, write(t, "json", r, judged(r, 0, 0)), `"callers":[{"account":"`+shop+`","arn":"arn:aws:sts::`+shop+`:assumed-role/Audit/keyproof"}]`)
}
