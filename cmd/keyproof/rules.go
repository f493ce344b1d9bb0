package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// judgeOptions are the flags that say which rules judge.
type judgeOptions struct {
	dirs   []string
	only   []string
	params []string
	// frameworks, config: see config.go. noSearch says to read no file that
	// nobody named.
	frameworks []string
	config     string
	noSearch   bool
	file       *config.Config // what load read
}

func (o *judgeOptions) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.dirs, "rules", nil, "also judge with the rules in this `directory` (repeatable)")
	cmd.Flags().StringArrayVar(&o.only, "rule", nil, "judge with this rule `id` only (repeatable)")
	cmd.Flags().StringArrayVar(&o.frameworks, "framework", nil, "report this `framework` only, and judge with its rules (repeatable)")
	cmd.Flags().StringVar(&o.config, "config", "", "`file` to read instead of the nearest keyproof.yaml here or above; none reads no file")
	cmd.Flags().StringArrayVar(&o.params, "param", nil, "set a rule's parameter, `RULE.NAME=VALUE`, such as SM-002.max_days=365 (repeatable)")
}

// load compiles the rules. It comes before anything is collected, so that a
// bad rule costs no time.
func (o *judgeOptions) load(ctx context.Context) (*evaluator.Judge, error) {
	file, err := o.readConfig()
	if err != nil {
		return nil, err
	}
	o.file = file
	opts := evaluator.Options{Params: map[model.RuleID]map[string]string{}, Settings: o.settings(file)}
	for _, id := range o.only {
		opts.Only = append(opts.Only, model.RuleID(id))
	}
	for _, p := range o.params {
		name, value, ok := strings.Cut(p, "=")
		id, param, ok2 := strings.Cut(name, ".")
		if !ok || !ok2 || id == "" || param == "" {
			return nil, usagef("--param %q: write RULE.NAME=VALUE, such as SM-002.max_days=365", p)
		}
		if opts.Params[model.RuleID(id)] == nil {
			opts.Params[model.RuleID(id)] = map[string]string{}
		}
		opts.Params[model.RuleID(id)][param] = value
	}
	sources := []fs.FS{rules.FS()}
	for i, dir := range slices.Concat(file.RuleDirs, o.dirs) {
		from := "--rules"
		if i < len(file.RuleDirs) {
			from = file.Path + ": rules.dirs"
		}
		info, err := os.Stat(dir)
		if err != nil {
			return nil, usagef("%s: %w", from, err)
		}
		if !info.IsDir() {
			return nil, usagef("%s: %s is not a directory", from, dir)
		}
		sources = append(sources, os.DirFS(dir))
	}
	j, err := evaluator.New(ctx, opts, sources...)
	if err != nil {
		return nil, usageError{err}
	}
	return j, nil
}

func newRules(sys system) *cobra.Command {
	var o judgeOptions
	cmd := &cobra.Command{
		Use:     "rules",
		Short:   "List the rules",
		Example: "  keyproof rules\n  keyproof rules --rules ./my-rules",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := o.load(cmd.Context())
			if err != nil {
				return err
			}
			t := table.NewWriter()
			t.SetOutputMirror(sys.stdout)
			t.SetStyle(table.StyleLight)
			t.AppendHeader(table.Row{"Rule", "Severity", "Kind", "Title", "HIPAA", "SOC 2", "PCI DSS", "Parameters"})
			for _, r := range j.Rules() {
				var params []string
				for name, p := range r.Params {
					params = append(params, fmt.Sprintf("%s=%v", name, p.Value))
				}
				row := table.Row{r.ID, r.Severity, r.Kind, r.Title}
				for _, f := range []string{"hipaa", "soc2", "pci_dss"} {
					row = append(row, strings.Join(r.Controls[f], "\n"))
				}
				t.AppendRow(append(row, strings.Join(params, "\n")))
			}
			t.Render()
			return nil
		},
	}
	o.register(cmd)
	return cmd
}
