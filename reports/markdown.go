package reports

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// markdownMost is how long the report may become, in bytes. GitHub refuses a
// comment of more than 65,536 characters, and a step summary of more than 1 MiB.
// What does not fit is counted and left out, the mildest first.
const markdownMost = 60_000

// How much of one rule is shown.
const (
	markdownRows = 10 // resources
	markdownName = 60 // columns of half a name and of a fifth of a reason
)

// writeMarkdown writes a summary for a comment on a pull request or for the
// summary of a CI job: the verdict, the numbers, what fails with the place and
// the lines to write, and folded away what is less urgent.
func writeMarkdown(w io.Writer, r *model.Report, o Options) error {
	c, err := collectChange(r, o, markdownRows, markdownName)
	if err != nil {
		return err
	}
	m := &summary{report: r, o: o, changed: c}
	m.head()
	if r.Total().Total() > 0 {
		m.numbers()
		m.failing()
		if isGate(r) {
			m.folded(partExisting, "existing: failed before the change too")
			m.folded(partFixed, "fixed by the change")
		}
		m.unknown()
		m.folded(partWaived, "waived: these fail, and somebody accepted it for a time")
		m.switchedOff()
		m.frameworks()
	}
	m.gaps()
	if m.left > 0 {
		m.para(fmt.Sprintf("%s did not fit: the json report has all results.", count(m.left, "more section")))
	}
	_, err = io.WriteString(w, m.String())
	return err
}

// summary is a Markdown report in the making.
type summary struct {
	markdown
	report *model.Report
	o      Options
	*changed
	left int // sections that did not fit
}

// try adds the first of some versions of a section that leaves the report short
// enough, and counts the section if none does.
func (m *summary) try(versions ...string) {
	for _, s := range versions {
		if m.Len()+len(s) <= markdownMost {
			m.WriteString(s)
			return
		}
	}
	m.left++
}

// head is the verdict, the numbers behind it and what was judged.
func (m *summary) head() {
	r := m.report
	what := "keyproof"
	if isGate(r) {
		what = "keyproof gate"
	}
	m.para("## " + what + ": " + strings.ToUpper(m.o.Verdict.String()))
	numbers := answer(r, m.o)
	if isGate(r) {
		numbers = changeAnswer(r, m.o, m.total, m.quiet)
	}
	m.para("**" + mdText(textOf(numbers)) + "**")
	if m.o.Against != "" {
		m.para(mdText(clip(Clean(m.o.Against), 4*markdownName)))
	}
	facts := []string{mdCode(clip(Clean(r.Source), markdownName))}
	if accounts, regions := places(r.Scopes); len(accounts) > 0 {
		facts = append(facts, mdText("account "+some(accounts, 3, "account")), mdText(some(regions, 4, "region")))
	}
	if !r.TakenAt.IsZero() {
		facts = append(facts, r.TakenAt.UTC().Format(time.DateTime)+" UTC")
	}
	if r.Tool != "" {
		facts = append(facts, mdText("keyproof "+clip(strings.TrimPrefix(Clean(r.Tool), "keyproof "), 40)))
	}
	m.para(strings.Join(facts, " · "))
	for _, line := range append(recordLines(r), unread(r)) {
		m.para(mdText(clip(Clean(line), 5*markdownName)))
	}
}

// numbers is a table of the results by severity.
func (m *summary) numbers() {
	parts := []part{partIntroduced, partUnknown, partWaived}
	head := []string{"severity", "fail", "unknown", "waived", "pass"}
	if isGate(m.report) {
		parts = []part{partIntroduced, partExisting, partFixed, partUnknown, partWaived}
		head = []string{"severity", "introduced", "existing", "fixed", "unknown", "waived"}
	}
	var rows [][]string
	for _, s := range severitiesOf(m.report) {
		of := m.bySeverity[s]
		if of == nil {
			of = &tally{}
		}
		cells := []string{mdText(string(s))}
		for _, in := range parts {
			cells = append(cells, num(of[in]))
		}
		if !isGate(m.report) {
			cells = append(cells, num(m.report.BySeverity(s).Pass))
		}
		rows = append(rows, cells)
	}
	m.table(head, rows)
}
