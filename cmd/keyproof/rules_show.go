package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

const showWidth = 96 // columns

func newRulesShow(sys system) *cobra.Command {
	var o judgeOptions
	var source bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Explain a rule",
		Long: `Explain a rule: what it asks and why, the controls that it is evidence for, what
it reads, its parameters, when it does not apply, how to mend a failure in the
account and in the code, and an input that fails and one that passes, from its
own tests.`,
		Example: "  keyproof rules show SM-003\n  keyproof rules show SM-003 --source",
		Args:    exactly(1, "name a rule: keyproof rules show SM-003"),
		RunE: func(cmd *cobra.Command, args []string) error {
			j, err := o.load(cmd.Context())
			if err != nil {
				return err
			}
			sys.sayRefused(j)
			e, err := j.Explain(model.RuleID(args[0]))
			if err != nil {
				return usageError{err}
			}
			return sys.showRule(cmd.Context(), &o, j, e, source)
		},
	}
	o.register(cmd)
	cmd.Flags().BoolVar(&source, "source", false, "also print the rule's file")
	return cmd
}

func (sys system) showRule(ctx context.Context, o *judgeOptions, j *evaluator.Judge, e *evaluator.Explanation, source bool) error {
	examples, err := j.ExamplesOf(ctx, e, append([]evaluator.Source{{Files: rules.FS()}}, o.users...)...)
	if err != nil {
		return usageError{err}
	}
	p := &paper{}
	p.line("%s  %s  %s  %s", e.ID, e.Severity, e.Kind, e.Title)
	p.section("", e.Description)
	p.section("Controls", controlLines(j, &e.Rule)...)
	p.section("Events", strings.Join(e.Events, ", "))
	p.section("Window", windowLine(&e.Rule))
	p.section("MITRE ATT&CK", strings.Join(e.MITRE, ", "))
	p.section("Reads", strings.Join(e.Reads, ", "))
	p.section("Parameters", paramLines(&e.Rule)...)
	p.section("Does not apply", e.NotApplicable...)
	p.section("Remediation", e.Remediation.Text)
	if e.Remediation.Command != "" {
		p.line("  %s", e.Remediation.Command) // not wrapped, so that it can be copied
	}
	p.code("Terraform", e.Remediation.HCL)
	p.code("CloudFormation", e.Remediation.CloudFormation)
	p.example("Fails", examples.Fail)
	p.example("Passes", examples.Pass)
	p.line("")
	p.line("File %s, package %s", e.File, e.Package)
	if source {
		p.line("\n%s", strings.TrimRight(e.Source, "\n"))
	}
	_, err = fmt.Fprintln(sys.stdout, clean(p.String()))
	return err
}

func controlLines(j *evaluator.Judge, r *model.Rule) []string {
	var list []string
	for _, f := range j.Frameworks() {
		for _, c := range f.Controls {
			if !slices.Contains(r.Controls[f.ID], c.ID) {
				continue
			}
			line := fmt.Sprintf("%s %s: %s", f.Title, c.ID, c.Title)
			if slices.Contains(r.Proposed[f.ID], c.ID) {
				line += " (proposed)"
			}
			list = append(list, line)
		}
	}
	return list
}

// windowLine says in words what a rule with a window counts; empty for others.
func windowLine(r *model.Rule) string {
	w := r.Window
	switch {
	case w == nil:
		return ""
	case w.Silence != "":
		return fmt.Sprintf("for each of %s, an event after %v days without one", strings.Join(w.By, " and "), r.Params[w.Silence].Value)
	case w.Distinct != "":
		return fmt.Sprintf("for each of %s, %v or more different %s within %v minutes", strings.Join(w.By, " and "), r.Params[w.Count].Value, w.Distinct, r.Params[w.Minutes].Value)
	default:
		return fmt.Sprintf("for each of %s, %v or more events within %v minutes", strings.Join(w.By, " and "), r.Params[w.Count].Value, r.Params[w.Minutes].Value)
	}
}

func paramLines(r *model.Rule) []string {
	var list []string
	for _, name := range sortedKeys(r.Params) {
		p := r.Params[name]
		line := strings.TrimSpace(fmt.Sprintf("%s = %v %s", name, p.Value, p.Unit))
		if def := fmt.Sprint(p.Default); def != fmt.Sprint(p.Value) {
			line += " (default " + def + ")"
		}
		list = append(list, line+": "+p.Why)
	}
	return list
}

// paper is text for people, wrapped to a width.
type paper struct{ strings.Builder }

func (p *paper) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// section has a heading and paragraphs; without any it is left out.
func (p *paper) section(heading string, paragraphs ...string) {
	if strings.Join(paragraphs, "") == "" {
		return
	}
	p.line("")
	if heading != "" {
		p.line("%s", heading)
	}
	for _, paragraph := range paragraphs {
		for _, line := range strings.Split(text.WrapSoft(paragraph, showWidth-2), "\n") {
			p.line("  %s", strings.TrimRight(line, " "))
		}
	}
}

// code is not wrapped, so that it can be copied.
func (p *paper) code(language, lines string) {
	if lines == "" {
		return
	}
	p.line("\nIn %s", language)
	for line := range strings.Lines(lines) {
		p.line("  %s", strings.TrimRight(line, "\n"))
	}
}

// example is not wrapped, so that it can be copied.
func (p *paper) example(heading, input string) {
	if input != "" {
		p.line("\n%s, for example\n  %s", heading, input)
	}
}
