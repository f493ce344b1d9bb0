package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// failing shows each rule that fails now, worst first: the places, the controls
// and how to mend it.
func (m *summary) failing() {
	if m.total[partIntroduced] == 0 {
		return
	}
	title := "Failures"
	if isGate(m.report) {
		title = "Introduced by the change"
	}
	m.para("### " + title)
	for _, of := range m.rules {
		if of.count[partIntroduced] > 0 {
			m.try(m.failure(of), "#### "+m.title(of)+"\n\n- "+count(of.count[partIntroduced], "resource")+", too long to list here\n\n")
		}
	}
}

func (m *summary) failure(of *changedRule) string {
	var b markdown
	b.para("#### " + m.title(of))
	b.WriteString(rowList(of.shown[partIntroduced], of.count[partIntroduced]))
	if controls := controlParts(m.report, of.rule); len(controls) > 0 {
		b.para(mdText(strings.Join(controls, " · ")))
	}
	if fix := of.rule.Remediation.Text; fix != "" {
		b.para("**Fix** " + mdText(fix))
	}
	written := snippets(of.rule, of.syntaxes)
	for _, s := range written {
		b.fence(s.language, s.lines)
	}
	if command := of.rule.Remediation.Command; command != "" && of.example != nil {
		filled, note := fill(command, of.example, of.count[partIntroduced])
		b.para(mdText(note))
		b.fence("sh", commandLines(filled, 2*markdownName))
	}
	return b.String()
}

// title is a rule's id, title and severity.
func (m *summary) title(of *changedRule) string {
	return mdText(clip(Clean(strings.TrimSpace(fmt.Sprintf("%s %s", of.rule.ID, of.rule.Title))), 2*markdownName)) + " (" + mdText(or(string(of.rule.Severity), "no severity")) + ")"
}

// rowList is a list of the first of n resources, with their places and reasons.
func rowList(rows []row, n int) string {
	var b markdown
	for _, r := range rows {
		b.WriteString("- ")
		if r.where != "" && r.where != r.name {
			b.WriteString(mdCode(r.where) + " ")
		}
		b.WriteString(mdCode(r.name))
		for i, why := range r.why {
			b.WriteString([]string{": ", "; "}[min(i, 1)] + mdText(why))
		}
		b.WriteString("\n")
	}
	if more := n - len(rows); more > 0 {
		b.WriteString("- and " + num(more) + " more\n")
	}
	b.WriteString("\n")
	return b.String()
}

// severitiesOf are those that rules of the report have, worst first.
func severitiesOf(r *model.Report) []model.Severity {
	return slices.DeleteFunc(model.Severities(), func(s model.Severity) bool {
		return !slices.ContainsFunc(r.Rules, func(rule model.Rule) bool { return rule.Severity == s })
	})
}
