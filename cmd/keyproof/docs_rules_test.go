package main

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// TestDocsRules keeps the catalogue of rules what the rules and controls say.
func TestDocsRules(t *testing.T) {
	j, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	d := &catalogueDoc{judge: j}
	d.intro()
	d.table()
	for _, f := range j.Frameworks() {
		d.framework(&f)
	}
	d.heading(2, "The rules one by one")
	for _, r := range j.Rules() {
		d.rule(t, &r)
	}
	d.library(t)
	d.line("")
	for _, r := range j.Rules() {
		d.line("[%s]: #%s", r.ID, anchor(&r))
	}
	fresh(t, "../../rules/README.md", []byte(d.String()))
	// A row for each rule and each control, a section for each rule.
	for _, r := range j.Rules() {
		require.Equal(t, 1, strings.Count(d.String(), "\n### "+string(r.ID)+" "), r.ID)
	}
}

// catalogueDoc is rules/README.md.
type catalogueDoc struct {
	strings.Builder
	judge *evaluator.Judge
}

func (d *catalogueDoc) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

func (d *catalogueDoc) heading(level int, text string) {
	d.line("\n%s %s\n", strings.Repeat("#", level), text)
}

// row is one row of a table; a bar in a cell would end it.
func (d *catalogueDoc) row(cells ...string) {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	d.line("| %s |", strings.Join(cells, " | "))
}

func (d *catalogueDoc) intro() {
	bySeverity := map[model.Severity]int{}
	for _, r := range d.judge.Rules() {
		bySeverity[r.Severity]++
	}
	var counts []string
	for _, s := range model.Severities() {
		counts = append(counts, fmt.Sprintf("%d %s", bySeverity[s], s))
	}
	d.line("<!-- Written by `make docs` from the rules and controls/: do not edit. -->\n")
	d.line("# Rules\n")
	d.line("%d rules: %s. `keyproof rules show ID` explains one with examples;", len(d.judge.Rules()), strings.Join(counts, ", "))
	d.line("`keyproof rules new` writes the files of a new one, and `keyproof rules test` runs all tests.\n")
	d.line("A rule is *evidence* for controls. A control with a star is *proposed*: no published mapping says that rules of")
	d.line("this kind are evidence for it. Where a rule has parameters, its defaults are a starting point and not a demand of")
	d.line("a standard: rotation periods, for one, are the entity's own risk decision (PCI DSS 8.6.3 and 12.3.1).")
}

func (d *catalogueDoc) table() {
	frameworks := d.judge.Frameworks()
	head, bar := []string{"rule", "severity", "judges", "title"}, []string{"---", "---", "---", "---"}
	for _, f := range frameworks {
		head, bar = append(head, f.Title), append(bar, "---")
	}
	d.heading(2, "Rules and controls")
	d.row(head...)
	d.row(bar...)
	for _, r := range d.judge.Rules() {
		cells := []string{link(&r), string(r.Severity), string(r.Kind), r.Title}
		for _, f := range frameworks {
			cells = append(cells, strings.ReplaceAll(strings.Join(starred(&r, f.ID), ", "), "*", `\*`))
		}
		d.row(cells...)
	}
}

// link leads to the section of a rule; anchor is what GitHub calls it.
func link(r *model.Rule) string { return fmt.Sprintf("[%s]", r.ID) }

func anchor(r *model.Rule) string {
	keep := func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c == '-' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			return c
		default:
			return -1
		}
	}
	return strings.Map(keep, strings.ToLower(string(r.ID)+" "+r.Title))
}

// framework is the coverage matrix of one framework.
func (d *catalogueDoc) framework(f *model.Framework) {
	d.heading(2, "Coverage of "+f.Title)
	counts := map[model.Coverage]int{}
	for _, c := range f.Controls {
		counts[c.Coverage]++
	}
	d.line("%s, %s. Of the %d controls that concern secrets, keys and the record of their use,", f.Title, f.Version, len(f.Controls))
	d.line("%d are automated (rules judge all that the control asks of those on AWS), %d partial and %d manual. All other",
		counts[model.CoverageAutomated], counts[model.CoveragePartial], counts[model.CoverageManual])
	d.line("controls of the standard are outside this subject: no report of keyproof says anything about them.\n")
	d.row("control", "title", "coverage", "rules", "what an assessor must see besides")
	d.row("---", "---", "---", "---", "---")
	for _, c := range f.Controls {
		var list []string
		for _, r := range d.judge.Rules() {
			if slices.Contains(r.Controls[f.ID], c.ID) {
				star := ""
				if slices.Contains(r.Proposed[f.ID], c.ID) {
					star = `\*`
				}
				list = append(list, link(&r)+star)
			}
		}
		d.row(c.ID, c.Title, string(c.Coverage), strings.Join(list, " "), c.Assessor)
	}
	if len(f.Outside) == 0 {
		return
	}
	d.line("\nOthers map rules like these to the following controls too, and we do not:\n")
	for _, o := range f.Outside {
		d.line("- %s %s: %s", o.ID, o.Title, o.Why)
	}
}

func (d *catalogueDoc) rule(t *testing.T, r *model.Rule) {
	e, err := d.judge.Explain(r.ID)
	require.NoError(t, err)
	d.heading(3, string(r.ID)+" "+r.Title)
	d.line("%s\n", r.Description)
	d.line("- **severity** %s, **judges** %s, **file** [%s](%s)", r.Severity, r.Kind, e.File, e.File)
	for _, f := range d.judge.Frameworks() {
		for _, c := range f.Controls {
			if slices.Contains(r.Controls[f.ID], c.ID) {
				d.line("- **%s** %s %s (%s)", f.Title, c.ID, c.Title, tier(&c, r))
			}
		}
	}
	if len(r.Events) > 0 {
		d.line("- **events** %s", strings.Join(r.Events, ", "))
	}
	if text := windowLine(r); text != "" {
		d.line("- **window** %s", text)
	}
	if len(r.MITRE) > 0 {
		d.line("- **MITRE ATT&CK** %s", strings.Join(r.MITRE, ", "))
	}
	for _, p := range paramLines(r) {
		d.line("- **parameter** %s", p)
	}
	d.line("- **reads** %s", strings.Join(r.Reads, ", "))
	d.line("- **fix** %s", r.Remediation.Text)
	if r.Remediation.Command != "" {
		d.line("\n```console\n%s\n```", r.Remediation.Command)
	}
	for _, fix := range [][2]string{{"hcl", r.Remediation.HCL}, {"yaml", r.Remediation.CloudFormation}} {
		if fix[1] != "" {
			d.line("\n```%s\n%s\n```", fix[0], strings.TrimRight(fix[1], "\n"))
		}
	}
}

// tier says who maps rules of the rule's topics to a control.
func tier(c *model.Control, r *model.Rule) string {
	words := map[string]string{"A": "mapped by AWS", "B": "mapped by two community sources", "C": "mapped by one community source"}
	best := "proposed"
	for i := len(model.Tiers()) - 1; i >= 0; i-- {
		for _, m := range c.Mappings {
			if m.Tier == model.Tiers()[i] && words[m.Tier] != "" && slices.Contains(r.Topics, m.Topic) {
				best = words[m.Tier]
			}
		}
	}
	return best
}

// library lists what rules share, with the comments above each name.
func (d *catalogueDoc) library(t *testing.T) {
	d.heading(2, "Helpers for rules")
	d.line("Import `data.lib.NAME`; users' rules may.\n")
	names, err := fs.Glob(rules.FS(), "lib/*.rego")
	require.NoError(t, err)
	for _, name := range names {
		raw, err := fs.ReadFile(rules.FS(), name)
		require.NoError(t, err)
		library := strings.TrimSuffix(path.Base(name), ".rego")
		_, body, ok := strings.Cut(string(raw), "package lib."+library+"\n")
		require.True(t, ok, name)
		var comment []string
		seen := map[string]bool{}
		for _, text := range strings.Split(body, "\n") {
			if c, ok := strings.CutPrefix(text, "# "); ok {
				comment = append(comment, c)
				continue
			}
			end := strings.IndexFunc(text, func(c rune) bool { return c == ' ' || c == '(' })
			if helper := text[:max(end, 0)]; helper != "" && helper != "import" && text[0] != '\t' && !seen[helper] {
				seen[helper] = true
				require.NotEmpty(t, comment, "%s: say above %s what it is", name, helper)
				d.line("- `%s.%s`: %s", library, helper, strings.Join(comment, " "))
			}
			comment = nil
		}
	}
}
