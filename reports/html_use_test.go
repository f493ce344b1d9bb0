package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/browser"
)

// TestHTMLSorts, by mouse and by keyboard, and turns pages.
func TestHTMLSorts(t *testing.T) {
	r := large(500)
	p := browser.Open(t, write(t, "html", r, judged(r, 0, 0)))
	column := func(n int) (all []string) {
		for _, row := range browser.Eval[[][]string](p, shownRows) {
			all = append(all, row[n])
		}
		return all
	}
	require.Equal(t, "SM-007", column(0)[0], "worst severity first")
	p.Click(`[data-column=name]`)
	require.IsNonDecreasing(t, column(3))
	require.Equal(t, "ascending", browser.Eval[string](p, `document.querySelector("[data-column=name]").parentElement.ariaSort`))
	p.Focus(`[data-column=name]`)
	p.Type("\r")
	require.IsNonIncreasing(t, column(3))
	require.Equal(t, "descending", browser.Eval[string](p, `document.querySelector("[data-column=name]").parentElement.ariaSort`))

	require.Equal(t, "300 of 500 results, page 1 of 3", said(p))
	require.True(t, browser.Eval[bool](p, `back.disabled`))
	first := column(3)
	p.Focus("#next")
	p.Type(" ")
	require.Equal(t, "300 of 500 results, page 2 of 3", said(p))
	require.Less(t, column(3)[0], first[99])
	p.Click("#next")
	require.True(t, browser.Eval[bool](p, `next.disabled`))
	p.Click("#back")
	require.Equal(t, "300 of 500 results, page 2 of 3", said(p))
	require.Empty(t, p.Complaints())
}

// TestHTMLByKeyboard: Tab reaches everything, in the order of the page, and what
// has the focus shows it.
func TestHTMLByKeyboard(t *testing.T) {
	r := accepted(t)
	p := browser.Open(t, write(t, "html", r, judged(r, 0, 0)))
	const focus = `(() => { const e = document.activeElement; return [e.tagName, e.id || e.dataset.column || e.getAttribute("href") || e.parentElement.id || e.getAttribute("aria-label") || e.textContent, getComputedStyle(e).outlineStyle]; })()`
	var reached []string
	for range 200 {
		p.Type("\t")
		at := browser.Eval[[]string](p, focus)
		if at[0] == "BODY" || len(reached) > 0 && at[0] == "A" && at[1] == "#posture" {
			break // around
		}
		require.NotEqual(t, "none", at[2], "%s %s has the focus and does not show it", at[0], at[1])
		reached = append(reached, at[0]+" "+at[1])
	}
	for _, want := range []string{"A #posture", "A #rule-0", "DIV Controls of SOC 2", "SUMMARY rule-0", "INPUT query", "SELECT status", "SELECT control", "BUTTON clear", "DIV results-live", "BUTTON why"} {
		require.Contains(t, reached, want)
	}

	const open = `document.getElementById("rule-3").open`
	require.False(t, browser.Eval[bool](p, open))
	p.Focus("#rule-3 > summary")
	p.Type("\r")
	require.True(t, browser.Eval[bool](p, open))
	p.Type(" ")
	require.False(t, browser.Eval[bool](p, open))
	for _, scheme := range []string{"light", "dark"} { // it has all statuses, in all colours
		p.Look(1440, "screen", scheme)
		require.Empty(t, p.Violations(".."))
	}
	p.Click(`.first a[href="#rule-3"]`)
	require.True(t, browser.Eval[bool](p, open), "a link to a rule opens it")
	require.Empty(t, p.Complaints())
}

// TestHTMLLinksPickResults: from a rule and from a control to its results.
func TestHTMLLinksPickResults(t *testing.T) {
	r := accepted(t)
	p := browser.Open(t, write(t, "html", r, judged(r, 0, 0)))
	choose(p, "severity", "low")
	p.Click(`[data-control="soc2 CC6.3"]`)
	require.Equal(t, "4 of 46 results, page 1 of 1", said(p))
	for _, row := range browser.Eval[[][]string](p, shownRows) {
		require.Equal(t, "SM-007", row[0])
	}
	require.Equal(t, "soc2 CC6.3", browser.Eval[string](p, `control.value`), "the filter says what it does")
	p.Click(`#rule-0 [data-rule]`)
	require.Equal(t, "", browser.Eval[string](p, `control.value`))
	require.Equal(t, "4 of 46 results, page 1 of 1", said(p))
	p.Click(`[data-unfold=open]`)
	require.Equal(t, 0, browser.Eval[int](p, `document.querySelectorAll("details.rule:not([open])").length`))
	p.Click(`[data-unfold=""]`)
	require.Equal(t, 0, browser.Eval[int](p, `document.querySelectorAll("details.rule[open]").length`))
	require.Empty(t, p.Complaints())
}
