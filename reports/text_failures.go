package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// failures shows every rule that fails: what it asks, for whom, how to mend it,
// and the resources with the reasons.
func (p *page) failures(r *model.Report, o Options, groups []*group) error {
	started := false
	for _, g := range groups {
		if g.fails == 0 {
			continue
		}
		if started {
			p.newline()
		} else {
			p.heading("Failures, worst first")
			started = true
		}
		of := r.Summary.ByRule[g.rule.ID]
		judged := max(of.Fail+of.Unknown+of.Waived+of.Pass, g.fails)
		p.ruleLine(g.rule, fmt.Sprintf("%s of %s %s", num(g.fails), num(judged), verb(g.fails, "fails", "fail")), red)
		p.controls(r, g.rule)
		p.params(g.rule)
		p.remediation(g)
		p.newline()
		if err := p.rows(r, o, g); err != nil {
			return err
		}
	}
	return nil
}

// ruleLine is id, severity and title of a rule, with numbers at the right.
func (p *page) ruleLine(rule *model.Rule, numbers string, i ink) {
	head := []span{
		painted(bold, Clean(string(rule.ID))), plain("  "),
		painted(severityInk(rule.Severity), Clean(string(rule.Severity))), plain("  "),
		painted(bold, Clean(rule.Title)),
	}
	if free := p.width - word(head).columns() - columns(numbers); free >= 2 {
		p.para(append(head, plain(strings.Repeat(" ", free)), painted(i, numbers)), 0, 0)
		return
	}
	p.para(nil, 0, 2, head...)
	p.para(nil, 2, 2, painted(i, numbers))
}

// controls lists the controls that a rule is evidence for, by framework.
func (p *page) controls(r *model.Report, rule *model.Rule) {
	if parts := controlParts(r, rule); len(parts) > 0 {
		p.para(nil, 2, 4, painted(faint, strings.Join(parts, " · ")))
	}
}

// controlParts are "PCI DSS 8.6.3, 12.3.1" for each framework of a rule, those
// of the report first.
func controlParts(r *model.Report, rule *model.Rule) (parts []string) {
	add := func(id, title string) {
		if ids := controlsOf(rule, id); len(ids) > 0 {
			parts = append(parts, title+" "+strings.Join(ids, ", "))
		}
	}
	seen := map[string]bool{}
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		seen[f.ID] = true
		add(f.ID, frameworkTitle(f))
	}
	for _, id := range slices.Sorted(maps.Keys(rule.Controls)) {
		if !seen[id] {
			add(id, id)
		}
	}
	if text := attacks(rule); text != "" {
		parts = append(parts, text)
	}
	return parts
}

// controlsOf lists the controls of a framework, marking those that only the
// rule's author maps it to.
func controlsOf(rule *model.Rule, framework string) []string {
	ids := slices.Clone(rule.Controls[framework])
	for i, id := range ids {
		if slices.Contains(rule.Proposed[framework], id) {
			ids[i] += " (proposed)"
		}
	}
	return ids
}

// params names thresholds that somebody changed: they decide what fails.
func (p *page) params(rule *model.Rule) {
	for _, line := range paramLines(rule) {
		p.para(nil, 2, 4, painted(faint, line))
	}
}

// paramLines says what a rule's thresholds are that somebody changed, and why.
func paramLines(rule *model.Rule) (lines []string) {
	for _, name := range slices.Sorted(maps.Keys(rule.Params)) {
		param := rule.Params[name]
		value, def := fmt.Sprint(param.Value), fmt.Sprint(param.Default)
		if value == def {
			continue
		}
		line := fmt.Sprintf("%s is %s", name, strings.TrimSpace(value+" "+param.Unit))
		line += " instead of " + def
		if param.Why != "" {
			line += ": " + param.Why
		}
		lines = append(lines, line)
	}
	for i := range rule.Overrides {
		o := &rule.Overrides[i]
		for _, name := range slices.Sorted(maps.Keys(o.Set)) {
			value := strings.TrimSpace(fmt.Sprint(o.Set[name]) + " " + rule.Params[name].Unit)
			lines = append(lines, fmt.Sprintf("%s is %s for %s: %s", name, value, o.Where, o.Why))
		}
	}
	return lines
}

// remediation says how to mend a failure, with a command for the first one.
func (p *page) remediation(g *group) {
	const at = len("  fix  ")
	label := func(s string) []span { return []span{plain("  "), painted(bold, s), plain("  ")} }
	fix := g.rule.Remediation
	if fix.Text != "" {
		p.para(label("fix"), at, at, plain(fix.Text))
	}
	// A resource of a file is mended in the file.
	if fix.Command == "" || g.example.Origin != nil && g.example.Origin.File != "" {
		return
	}
	command, note := fill(fix.Command, g.example, g.fails)
	lead, indent := label("run"), []span{plain(strings.Repeat(" ", at))}
	if note != "" {
		p.para(lead, at, at, plain(note))
		lead = indent
	}
	for _, line := range commandLines(command, p.width-at) {
		p.para(append(lead, painted(cyan, line)), 0, 0)
		lead = indent
	}
}
