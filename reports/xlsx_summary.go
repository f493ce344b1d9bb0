package reports

import (
	"strings"

	"github.com/keyproof/keyproof/internal/xlsx"
	"github.com/keyproof/keyproof/model"
)

// summary is the title page: the verdict, what was judged, and counts.
func (x *workbook) summary() error {
	r := x.report
	s, err := x.Sheet("Summary")
	if err != nil {
		return err
	}
	rows := [][]xlsx.Cell{{titled(heading(r))}, {}, {quiet("verdict"), verdictCell(x.o.Verdict)}, {quiet("why"), cell(meaning(r, x.o))}}
	for _, fact := range facts(r, x.o) {
		if fact[1] != "" {
			rows = append(rows, []xlsx.Cell{quiet(fact[0]), cell(fact[1])})
		}
	}
	if x.o.Against != "" {
		rows = append(rows, []xlsx.Cell{quiet("compared"), cell(x.o.Against)})
	}
	rows = append(rows, nil, []xlsx.Cell{titled("Results")}, []xlsx.Cell{quiet("all"), cell(countWords(r.Total()))})
	for _, sev := range severitiesOf(r) {
		rows = append(rows, []xlsx.Cell{quiet(string(sev)), cell(countWords(r.BySeverity(sev)))})
	}
	rows = append(rows, nil, []xlsx.Cell{titled("Controls")})
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		rows = append(rows, []xlsx.Cell{quiet(frameworkTitle(f)), cell(strings.Join(controlsBar(r, f).words(), ", ") + "; coverage " + coverageOf(f))})
	}
	for _, row := range rows {
		if err := s.Row(row...); err != nil {
			return err
		}
	}
	return nil
}

func titled(s string) xlsx.Cell { return xlsx.Cell{Text: Clean(s), Look: xlsx.Title} }
func quiet(s string) xlsx.Cell  { return xlsx.Cell{Text: Clean(s), Look: xlsx.Quiet} }

func verdictCell(v model.Verdict) xlsx.Cell {
	c := statusCell(v.String())
	c.Text = strings.ToUpper(c.Text)
	return c
}

// countWords writes "210 fail, 22 unknown, 1,214 pass and 1,580 not applicable".
func countWords(c model.Counts) string {
	words := barOf("", c).words()
	if c.NotApplicable > 0 {
		words = append(words, num(c.NotApplicable)+" not applicable")
	}
	if len(words) == 0 {
		return "none"
	}
	return list(words)
}
