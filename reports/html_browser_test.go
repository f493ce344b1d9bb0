package reports_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/browser"
	"github.com/keyproof/keyproof/model"
)

// large is a report of n results of all statuses, two of them for each secret.
func large(n int) *model.Report {
	r := newReport(theRules(), nil)
	tally := model.NewTally()
	one := func(i int) *model.Result {
		name := fmt.Sprintf("team-%02d/app-%05d", i%40, i/2)
		res := &model.Result{
			Rule: []model.RuleID{"SM-001", "SM-007"}[i%2], Name: name, Status: model.Statuses()[i/2%len(model.Statuses())],
			Resource: model.ResourceID{Kind: model.KindSecret, Account: shop, Region: []string{"us-east-1", "eu-west-1"}[i/2%2], ID: "arn:aws:secretsmanager:us-east-1:111122223333:secret:" + name},
		}
		switch res.Status {
		case model.StatusFail, model.StatusWaived:
			res.Findings = []model.Finding{{Message: "automatic rotation is off"}}
		case model.StatusUnknown:
			res.Unknown = map[string]model.Unknown{"resource.policy": {Reason: model.ReasonAccessDenied, Action: "secretsmanager:GetResourcePolicy"}}
		}
		return res
	}
	for i := range n {
		tally.Add(one(i))
	}
	r.Summary, r.Frameworks, r.Scopes = tally.Done(), theFrameworks(), theScopes()
	r.Results = func(yield func(*model.Result, error) bool) {
		for i := range n {
			if !yield(one(i), nil) {
				return
			}
		}
	}
	return r
}

// shownRows are the cells of the table of results, row by row.
const shownRows = `[...document.querySelectorAll("#rows tr")].map((tr) => [...tr.cells].map((td) => td.textContent))`

func choose(p *browser.Page, id, value string) {
	browser.Eval[bool](p, fmt.Sprintf(`(() => { const s = document.getElementById(%q); s.value = %q; return s.dispatchEvent(new Event("change")); })()`, id, value))
}

func said(p *browser.Page) string {
	return browser.Eval[string](p, `document.getElementById("said").textContent`)
}

// TestHTMLOf20000Results: a large report is quick to open and to search.
func TestHTMLOf20000Results(t *testing.T) {
	r := large(20_000)
	p := browser.Open(t, write(t, "html", r, judged(r, 0, 0)))
	// The script ends before this event: then all that a reader can do works. The
	// best of a few, since other tests keep the machine busy.
	const ready = `performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd`
	best := browser.Eval[float64](p, ready)
	for range 3 {
		if best < 1000 {
			break
		}
		p.Reload()
		best = min(best, browser.Eval[float64](p, ready))
	}
	t.Logf("usable after %.0f ms", best)
	require.Less(t, best, 2000.0, "milliseconds until the page is usable")
	require.Equal(t, "12,000 of 20,000 results, page 1 of 120", said(p))
	require.Len(t, browser.Eval[[][]string](p, shownRows), 100, "a page at a time")

	choose(p, "status", "")
	require.Equal(t, "20,000 of 20,000 results, page 1 of 200", said(p))
	start := time.Now()
	p.Focus("#query")
	p.Type("APP-00007 us-east") // in any order and case
	p.Wait(`document.getElementById("said").textContent.startsWith("0 of")`)
	p.Click("#clear")
	choose(p, "status", "")
	p.Focus("#query")
	p.Type("rotat eu-west APP-00007")
	p.Wait(`document.getElementById("said").textContent.startsWith("2 of")`)
	require.Less(t, time.Since(start), 10*time.Second)
	for _, row := range browser.Eval[[][]string](p, shownRows) {
		require.Equal(t, "eu-west-1", row[5][len(shop)+1:])
	}
	require.Empty(t, p.Complaints())
}

// TestHTMLIsHarmless shows a report in which every string attacks: nothing runs,
// nothing loads, and the browser has no reason to complain.
func TestHTMLIsHarmless(t *testing.T) {
	attack := `"'><script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)></script><style>*{display:none}</style><!-- {{x}} ` + "\u202e\x00\x1b[31m"
	n := 0
	eachPoisoned(t, attack, func(r *model.Report) {
		if n++; n != 5 { // the report with waivers, with true statuses: it has most
			return
		}
		p := browser.Open(t, write(t, "html", r, judged(r, 0, 0)))
		choose(p, "status", "")
		rows := browser.Eval[[][]string](p, shownRows)
		require.NotEmpty(t, rows)
		require.Contains(t, rows[0][3], `<img src=http://evil.example/x onerror=alert(1)>`, "shown as the text that it is")
		require.Equal(t, 0, browser.Eval[int](p, `document.querySelectorAll("img, iframe, object, embed, link, base, form, [onerror], [onclick], [style]").length`))
		require.Equal(t, []string{"application/json", ""}, browser.Eval[[]string](p, `[...new Set([...document.scripts].map((s) => s.type))]`))
		require.Equal(t, 1, browser.Eval[int](p, `document.styleSheets.length`))
		for _, id := range []string{"control", "rule", "severity"} {
			choose(p, id, browser.Eval[string](p, fmt.Sprintf(`document.getElementById(%q).options[1]?.value ?? ""`, id))) // a severity that does not exist is not offered
		}
		require.Empty(t, p.Complaints())
	})
	require.Equal(t, 21, n)
}
