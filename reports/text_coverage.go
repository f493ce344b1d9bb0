package reports

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// coverage says how far rules answer for the controls of each framework, so that
// nobody takes a table of results for the whole of a standard.
func (p *page) coverage(r *model.Report) {
	var parts []string
	for i := range r.Frameworks {
		if f := &r.Frameworks[i]; len(f.Controls) > 0 {
			parts = append(parts, frameworkTitle(f)+" "+coverageOf(f))
		}
	}
	if len(parts) == 0 {
		return
	}
	p.para(nil, 0, 2, painted(faint, "coverage of the controls: "+strings.Join(parts, " · ")+" (partial and manual ones need an assessor)"))
}

// coverageOf writes "12 automated, 9 partial, 3 manual". A control that has no
// word for it is not counted as covered.
func coverageOf(f *model.Framework) string {
	n := map[model.Coverage]int{}
	known := 0
	for _, c := range f.Controls {
		n[c.Coverage]++
	}
	var parts []string
	for _, word := range model.Coverages() {
		if n[word] > 0 {
			parts = append(parts, num(n[word])+" "+string(word))
			known += n[word]
		}
	}
	if left := len(f.Controls) - known; left > 0 {
		parts = append(parts, num(left)+" not stated")
	}
	return strings.Join(parts, ", ")
}
