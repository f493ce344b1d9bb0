package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// bar is a row of a chart.
type bar struct {
	name  string
	parts []share
	of    int // what the whole width stands for; 0: all parts together
}

// share is a part of a bar. class is how the style names its colour.
type share struct {
	class, word string
	n           int
}

// barOf shows what was judged; what is not applicable was not.
func barOf(name string, c model.Counts) bar {
	return bar{name: name, parts: []share{{"fail", "fail", c.Fail}, {"unknown", "unknown", c.Unknown}, {"waived", "waived", c.Waived}, {"pass", "pass", c.Pass}}}
}

func (b bar) total() (n int) {
	for _, p := range b.parts {
		n += p.n
	}
	return n
}

// words are the parts that are there, in the order of the bar.
func (b bar) words() (words []string) {
	for _, p := range b.parts {
		if p.n > 0 {
			words = append(words, num(p.n)+" "+p.word)
		}
	}
	return words
}

// Measures of a chart in its own units, which the page scales to about as many
// CSS pixels: a narrow screen has room for it.
const (
	chartBars  = 12
	chartWidth = 380
	chartRow   = 42
	barTop     = 20 // below the name
	barHeight  = 12
	chartName  = 30 // columns of a name
)

// chart draws a bar for each name, in shares of the whole of it. The numbers
// stand above the bars, so that no colour is needed to read it.
func (d *document) chart(title string, all []bar) {
	all = slices.DeleteFunc(slices.Clone(all), func(b bar) bool { return b.total() == 0 })
	if len(all) == 0 {
		return
	}
	shown := all[:min(len(all), chartBars)]
	d.raw("<div class=\"chart\">\n")
	d.element("h3", "", title)
	fmt.Fprintf(d.w, `<svg viewBox="0 0 %d %d" role="img" aria-label="`, chartWidth, chartRow*len(shown))
	d.text(title)
	for _, b := range shown { // a picture is one thing to a screen reader
		d.text("; " + clip(Clean(b.name), 60) + ": " + strings.Join(b.words(), ", "))
	}
	d.raw(`">` + "\n")
	for i, b := range shown {
		d.bar(b, i*chartRow)
	}
	d.raw("</svg>\n")
	if more := len(all) - len(shown); more > 0 {
		d.raw("<p class=\"quiet\">and " + num(more) + " more</p>\n")
	}
	d.raw("</div>\n")
}

func (d *document) bar(b bar, y int) {
	words := b.words()
	fmt.Fprintf(d.w, `<text x="0" y="%d">%s</text><text class="end" x="%d" y="%d">%s</text>`,
		y+14, htmlText(clip(Clean(b.name), chartName)), chartWidth, y+14, strings.Join(words[:min(len(words), 2)], ", "))
	x := 0.0
	for _, p := range b.parts {
		if p.n == 0 {
			continue
		}
		width := chartWidth * float64(p.n) / float64(cmp.Or(b.of, b.total()))
		fmt.Fprintf(d.w, `<rect class="bar-%s" x="%.1f" y="%d" width="%.1f" height="%d"><title>%s %s</title></rect>`, p.class, x, y+barTop, width, barHeight, num(p.n), p.word)
		x += width
	}
	d.raw("\n")
}
