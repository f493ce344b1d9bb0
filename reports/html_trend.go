package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// Measures of the trend in the units of a chart.
const (
	trendRuns   = 30 // that are shown, the latest
	trendHeight = 120
	trendTop    = 18 // room for the greatest number
	trendText   = 20 // room for the dates
)

// trend shows what was open, fails and unknown, in this run and those before.
func (d *document) trend() {
	if len(d.o.History) == 0 {
		return
	}
	runs := append(slices.Clone(d.o.History), model.RunSummary{TakenAt: d.report.TakenAt, Verdict: d.o.Verdict, Counts: d.report.Total()})
	runs = runs[max(0, len(runs)-trendRuns):]
	most := 1
	var words []string
	for _, run := range runs {
		most = max(most, run.Counts.Fail+run.Counts.Unknown)
		words = append(words, fmt.Sprintf("%s: %s fail, %s unknown", dayOf(run), num(run.Counts.Fail), num(run.Counts.Unknown)))
	}
	d.raw("<div class=\"chart\">\n")
	d.element("h3", "", "Open results by run")
	fmt.Fprintf(d.w, `<svg viewBox="0 0 %d %d" role="img" aria-label="`, chartWidth, trendTop+trendHeight+trendText)
	d.text("Open results by run; " + strings.Join(words, "; "))
	d.raw(`">` + "\n")
	wide := float64(chartWidth) / float64(len(runs))
	for i, run := range runs {
		d.column(run, float64(i)*wide, min(wide*0.8, 40), most, words[i])
	}
	fmt.Fprintf(d.w, `<text x="0" y="12">%s at most</text><text x="0" y="%d">%s</text><text class="end" x="%d" y="%[2]d">%[5]s</text>`,
		num(most), trendTop+trendHeight+15, dayOf(runs[0]), chartWidth, dayOf(runs[len(runs)-1]))
	d.raw("\n</svg>\n</div>\n")
}

// column is a run: what is unknown stands on what fails.
func (d *document) column(run model.RunSummary, x, width float64, most int, words string) {
	bottom := float64(trendTop + trendHeight)
	for _, p := range []share{{"fail", "", run.Counts.Fail}, {"unknown", "", run.Counts.Unknown}} {
		height := trendHeight * float64(p.n) / float64(most)
		if p.n > 0 {
			bottom -= height
			fmt.Fprintf(d.w, `<rect class="bar-%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s</title></rect>`, p.class, x, bottom, width, height, htmlText(words))
		}
	}
	d.raw("\n")
}

func dayOf(run model.RunSummary) string {
	if run.TakenAt.IsZero() {
		return "undated"
	}
	return run.TakenAt.UTC().Format(time.DateOnly)
}
