package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

func newRules(sys system) *cobra.Command {
	var o judgeOptions
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List, show, test and write rules",
		Long: `List the rules with their controls and parameters; "rules show" explains one. A
control with a star is proposed: no published mapping supports it.`,
		Example: `  keyproof rules
  keyproof rules show SM-003
  keyproof rules new OWN-001 --kind secret my-rules/cost_centre
  keyproof rules test my-rules
  keyproof rules list --rules my-rules`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sys.listRules(cmd, &o) },
	}
	o.register(cmd)
	cmd.AddCommand(newRulesList(sys), newRulesShow(sys), newRulesTest(sys), newRulesNew(sys))
	return cmd
}

func newRulesList(sys system) *cobra.Command {
	var o judgeOptions
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the rules with their controls and parameters",
		Long: `List the rules with their controls and parameters: as a table, as json, or as
oscal, an OSCAL component definition in which each rule is a component that says
which controls it is evidence for.`,
		Example: `  keyproof rules list
  keyproof rules list --rules ./my-rules --rules bundle.tar.gz
  keyproof rules list --output oscal > component-definition.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch format {
			case "text":
				return sys.listRules(cmd, &o)
			case "json", "oscal":
				return sys.exportRules(cmd, &o, format)
			default:
				return usagef("--output %q: the formats of a list of rules are text, json and oscal", format)
			}
		},
	}
	o.register(cmd)
	cmd.Flags().StringVarP(&format, "output", "o", "text", "`format` of the list: text, json or oscal (a component definition)")
	return cmd
}

// exportRules writes the rules for programs.
func (sys system) exportRules(cmd *cobra.Command, o *judgeOptions, format string) error {
	j, err := o.load(cmd.Context())
	if err != nil {
		return err
	}
	sys.sayRefused(j)
	if format == "oscal" {
		return reports.WriteComponents(sys.stdout, j.Rules(), j.Frameworks(), sys.version, sys.now())
	}
	return sys.writeJSON(j.Rules())
}

func (sys system) listRules(cmd *cobra.Command, o *judgeOptions) error {
	j, err := o.load(cmd.Context())
	if err != nil {
		return err
	}
	sys.sayRefused(j)
	t := sys.newTable(table.Row{"Rule", "Severity", "Kind", "Title", "HIPAA", "SOC 2", "PCI DSS", "Parameters"})
	t.configs[3].WidthMax, t.configs[3].WidthMaxEnforcer = 48, text.WrapSoft
	narrow := t.width > 0 && t.width < wideEnough
	for n := 4; n < len(t.configs); n++ {
		t.configs[n].Hidden = narrow
	}
	t.SetColumnConfigs(t.configs)
	for _, r := range j.Rules() {
		var params []string
		for _, name := range sortedKeys(r.Params) {
			params = append(params, brief(name, r.Params[name].Value))
		}
		row := table.Row{r.ID, r.Severity, r.Kind, clean(r.Title)}
		for _, f := range []string{"hipaa", "soc2", "pci_dss"} {
			row = append(row, strings.Join(starred(&r, f), "\n"))
		}
		t.AppendRow(append(row, clean(strings.Join(params, "\n"))))
	}
	last := "* proposed: no published mapping supports it"
	if narrow {
		last = fmt.Sprintf("`keyproof rules show SM-003` has the controls and parameters of a rule,\nand so has this table on a terminal of %d columns", wideEnough)
	}
	_, err = fmt.Fprintf(sys.stdout, "%s\n%s\n", t.Render(), clean(last))
	return err
}

// wideEnough is how many columns of a terminal the controls and parameters need.
const wideEnough = 130

// brief is a parameter on a short line: "rules show" has the whole of a list.
func brief(name string, value any) string {
	list, ok := value.([]string)
	switch {
	case !ok:
		return fmt.Sprintf("%s=%v", name, value)
	case len(list) < 2:
		return fmt.Sprintf("%s=[%s]", name, strings.Join(list, ""))
	default:
		return fmt.Sprintf("%s=[%s +%d]", name, list[0], len(list)-1)
	}
}

// starred lists the controls of a framework, those that are proposed with a star.
func starred(r *model.Rule, framework string) []string {
	ids := slices.Clone(r.Controls[framework])
	for i, id := range ids {
		if slices.Contains(r.Proposed[framework], id) {
			ids[i] += "*"
		}
	}
	return ids
}
