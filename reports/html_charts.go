package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// bar is a row of a chart.
type bar struct {
	name string
	model.Counts
}

// placeCounts are the results by kind and by account and region.
type placeCounts struct {
	kinds map[string]*model.Counts
	spots map[string]*model.Counts
}

func countPlaces(r *model.Report) (*placeCounts, error) {
	by := &placeCounts{map[string]*model.Counts{}, map[string]*model.Counts{}}
	add := func(in map[string]*model.Counts, name string, s model.Status) {
		if name == "" {
			return
		}
		if in[name] == nil {
			in[name] = &model.Counts{}
		}
		in[name].Add(s)
	}
	for res, err := range r.Results {
		if err != nil {
			return nil, readError(err)
		}
		add(by.kinds, kindName(res.Resource.Kind), res.Status)
		add(by.spots, strings.TrimSpace(res.Resource.Account+" "+res.Resource.Region), res.Status)
	}
	return by, nil
}

// charts show the posture by framework, kind and place as bars of shares.
func (d *document) charts(by *placeCounts) {
	var frameworks []bar
	for i := range d.report.Frameworks {
		f := &d.report.Frameworks[i]
		frameworks = append(frameworks, bar{frameworkTitle(f), d.report.ByControl(f.ID, "")})
	}
	d.raw("<h2>Posture</h2>\n<p class=\"key\" aria-hidden=\"true\"><span class=\"fail\">fail</span><span class=\"unknown\">unknown</span><span class=\"waived\">waived</span><span class=\"pass\">pass</span></p>\n")
	d.chart("by framework", frameworks)
	d.chart("by kind of resource", bars(by.kinds))
	d.chart("by account and region", bars(by.spots))
}

// bars are the counts with most failures first.
func bars(of map[string]*model.Counts) []bar {
	var all []bar
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, bar{name, *of[name]})
	}
	slices.SortStableFunc(all, func(a, b bar) int {
		return cmp.Or(cmp.Compare(b.Fail, a.Fail), cmp.Compare(b.Unknown, a.Unknown))
	})
	return all
}

// Measures of a chart in its own units, which the page scales.
const (
	chartBars  = 12
	chartLeft  = 240 // of the names
	chartWidth = 330 // of a bar
	chartRow   = 26
)

// chart draws a bar for each name, in shares of what was judged. The numbers
// stand beside the bars, so that no colour is needed to read it.
func (d *document) chart(title string, all []bar) {
	all = slices.DeleteFunc(slices.Clone(all), func(b bar) bool { return b.Total() == b.NotApplicable })
	if len(all) == 0 {
		return
	}
	shown := all[:min(len(all), chartBars)]
	d.element("h3", "", title)
	fmt.Fprintf(d.w, `<svg viewBox="0 0 740 %d" role="img" aria-label="`, chartRow*len(shown))
	d.text(title)
	for _, b := range shown { // a picture is one thing to a screen reader
		d.text("; " + clip(Clean(b.name), 60) + ": " + num(b.Fail) + " fail, " + num(b.Unknown) + " unknown, " + num(b.Waived) + " waived, " + num(b.Pass) + " pass")
	}
	d.raw(`">` + "\n")
	for i, b := range shown {
		y, x := i*chartRow, float64(chartLeft)
		judged := b.Total() - b.NotApplicable
		fmt.Fprintf(d.w, `<text x="0" y="%d">%s</text>`, y+16, htmlText(clip(Clean(b.name), 32)))
		var words []string
		for _, p := range []struct {
			word string
			n    int
		}{{"fail", b.Fail}, {"unknown", b.Unknown}, {"waived", b.Waived}, {"pass", b.Pass}} {
			if p.n == 0 {
				continue
			}
			width := float64(chartWidth) * float64(p.n) / float64(judged)
			fmt.Fprintf(d.w, `<rect class="bar-%s" x="%.1f" y="%d" width="%.1f" height="18"><title>%s %s</title></rect>`, p.word, x, y+3, width, num(p.n), p.word)
			words, x = append(words, num(p.n)+" "+p.word), x+width
		}
		fmt.Fprintf(d.w, `<text x="%d" y="%d">%s</text>`+"\n", chartLeft+chartWidth+8, y+16, strings.Join(words[:min(len(words), 2)], ", "))
	}
	d.raw("</svg>\n")
	if more := len(all) - len(shown); more > 0 {
		d.raw("<p class=\"quiet\">and " + num(more) + " more</p>\n")
	}
}
