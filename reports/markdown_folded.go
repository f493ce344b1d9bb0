package reports

import (
	"strings"
)

// fold writes parts that a reader opens by a click. The line that is seen is HTML,
// so it must be of our own words.
func (m *summary) fold(line string, parts []string) {
	m.WriteString("<details><summary>" + line + "</summary>\n\n")
	for _, part := range parts {
		m.try(part)
	}
	m.WriteString("</details>\n\n")
}

// folded are the results of a part, by rule.
func (m *summary) folded(in part, what string) {
	if m.total[in] == 0 {
		return
	}
	var parts []string
	for _, of := range m.rules {
		rows := of.shown[in]
		if in == partWaived {
			rows = of.excused
		}
		if of.count[in] > 0 {
			parts = append(parts, "**"+m.title(of)+"**\n\n"+rowList(rows, of.count[in]))
		}
	}
	m.fold(num(m.total[in])+" "+what, parts)
}

// unknown says what is left to be proven, by reason.
func (m *summary) unknown() {
	n := m.total[partUnknown]
	if n == 0 {
		return
	}
	line := num(n) + " unknown, neither pass nor fail"
	if isGate(m.report) {
		line = num(n) + " unknown: what the live scan must still prove after apply"
	}
	var parts []string
	for _, u := range m.unproven {
		var b markdown
		b.para("**" + mdText(reasonWord(u.reason)) + "** (" + count(u.results, "result") + ")")
		for _, of := range u.rules[:min(len(u.rules), shownUnknown)] {
			b.WriteString("- " + mdText(string(of.id)) + ": " + count(of.results, "result"))
			for i, about := range of.about {
				b.WriteString([]string{" about ", ", "}[min(i, 1)] + mdCode(clip(about, markdownName)))
			}
			b.WriteString("\n")
		}
		if more := len(u.rules) - shownUnknown; more > 0 {
			b.WriteString("- and " + count(more, "more rule") + "\n")
		}
		b.WriteString("\n")
		parts = append(parts, b.String())
	}
	if m.ignored > 0 {
		parts = append(parts, mdText(ignoredWords(m.ignored))+"\n\n")
	}
	var settle strings.Builder
	for _, u := range m.report.Summary.Unknowns[:min(len(m.report.Summary.Unknowns), shownUnknown)] {
		if s := u.Settle(); s != "" {
			settle.WriteString("- to settle " + count(u.Results, "result") + ": " + mdText(clip(Clean(s), 2*markdownName)) + "\n")
		}
	}
	if settle.Len() > 0 {
		parts = append(parts, settle.String()+"\n")
	}
	m.fold(line, parts)
}

// switchedOff lists the rules that do not judge, with the reasons.
func (m *summary) switchedOff() {
	var parts []string
	for i := range m.report.Rules {
		if rule := &m.report.Rules[i]; rule.Off != nil {
			reason := rule.Off.Reason
			if at := rule.Off.Origin.String(); at != "" {
				reason += " (" + at + ")"
			}
			parts = append(parts, "- "+mdText(clip(Clean(string(rule.ID)+" "+rule.Title), 2*markdownName))+": "+mdText(clip(Clean(reason), 5*markdownName))+"\n\n")
		}
	}
	if len(parts) > 0 {
		m.fold(count(len(parts), "rule")+" switched off, so that nothing was judged by them", parts)
	}
}

// frameworks is a table of the controls by status, with how far rules answer for
// them.
func (m *summary) frameworks() {
	var rows [][]string
	for i := range m.report.Frameworks {
		f := &m.report.Frameworks[i]
		c, none := controlCounts(m.report, f)
		rows = append(rows, []string{mdText(clip(Clean(frameworkTitle(f)), 40)), num(c.Fail), num(c.Unknown), num(c.Waived), num(c.Pass), num(none), mdText(coverageOf(f))})
	}
	if len(rows) == 0 {
		return
	}
	var b markdown
	b.table([]string{"framework", "fail", "unknown", "waived", "pass", "no result", "coverage"}, rows)
	m.fold("controls by framework", []string{b.String()})
}

// gaps says which lists are missing.
func (m *summary) gaps() {
	lines := gapLines(m.report.Gaps())
	if len(lines) == 0 {
		return
	}
	m.para("### What could not be listed at all")
	for _, line := range lines[:min(len(lines), shownUnknown)] {
		m.WriteString("- " + mdText(clip(Clean(line), 2*markdownName)) + "\n")
	}
	if more := len(lines) - shownUnknown; more > 0 {
		m.WriteString("- and " + count(more, "more gap") + "\n")
	}
	m.WriteString("\n")
}
