package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/internal/nearest"
	"github.com/keyproof/keyproof/remediator"
)

func newRemediate(sys system) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "remediate",
		Short: "Repair what a scan found: plan, apply, undo",
		Long: `Plan repairs for what a scan found, make them, prove them by judging again, and
take them back.

Nothing is written to an account before the ledger has the state before on disk.
A change is refused when the account is no longer as the plan saw it. A run that
ends in the middle can be resumed or undone.

What each action does and which settings it takes: keyproof remediate actions.
The permissions that repairs need: keyproof permissions --remediate.`,
		Example: `  keyproof remediate plan --region eu-west-1 --rule SM-001 --set enable-rotation.function=rotate-db -o changes.json
  keyproof remediate apply changes.json
  keyproof remediate status
  keyproof remediate undo last`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRemediatePlan(sys), newRemediateApply(sys), newRemediateResume(sys), newRemediateUndo(sys),
		newRemediateStatus(sys), newRemediateActions(sys))
	return cmd
}

func newRemediateActions(sys system) *cobra.Command {
	return &cobra.Command{
		Use:   "actions",
		Short: "List what can be repaired, and the settings",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, a := range remediator.Actions() {
				rules := make([]string, 0, 4)
				for _, id := range a.Settles() {
					rules = append(rules, string(id))
				}
				fmt.Fprintf(sys.stdout, "%s: %s\n  settles %s\n", a.Name(), a.Doc(), strings.Join(rules, ", "))
				for _, s := range a.Settings() {
					fmt.Fprintf(sys.stdout, "  --set %s.%s=%s\n      %s\n", a.Name(), s.Name, s.Example, s.Doc)
				}
			}
			return nil
		},
	}
}

// choices are the settings of the configuration and, after them, those of --set.
func choices(file *config.Config, set []string) ([]remediator.Choice, error) {
	var list []remediator.Choice
	for _, r := range file.Remediation {
		list = append(list, remediator.Choice{Action: r.Action, Where: r.Where, Set: r.Set})
		for name := range r.Set {
			if err := checkSetting(r.Action, name); err != nil {
				return nil, usagef("%s:%d: remediation: %w", r.Origin.File, r.Origin.Line, err)
			}
		}
	}
	for _, text := range set {
		left, value, ok := strings.Cut(text, "=")
		action, name, ok2 := strings.Cut(left, ".")
		if !ok || !ok2 {
			return nil, usagef("--set %q: write ACTION.NAME=VALUE, such as enable-rotation.days=30", text)
		}
		if err := checkSetting(action, name); err != nil {
			return nil, usagef("--set %s: %w", text, err)
		}
		list = append(list, remediator.Choice{Action: action, Set: remediator.Settings{name: value}})
	}
	return list, nil
}

func checkSetting(action, name string) error {
	a := remediator.Find(remediator.Actions(), action)
	if a == nil {
		return fmt.Errorf("there is no action %q%s; `keyproof remediate actions` lists them", action, meant(action, actionNames()))
	}
	var names []string
	for _, s := range a.Settings() {
		names = append(names, s.Name)
	}
	if !slices.Contains(names, name) {
		return fmt.Errorf("%s has no setting %q%s; it has %s", action, name, meant(name, names), strings.Join(names, ", "))
	}
	return nil
}

func actionNames() []string {
	var names []string
	for _, a := range remediator.Actions() {
		names = append(names, a.Name())
	}
	return names
}

func meant(word string, words []string) string {
	if best := nearest.Name(word, words); best != "" {
		return fmt.Sprintf(" (did you mean %s?)", best)
	}
	return ""
}

// readChanges reads a file of changes.
func readChanges(path string) (*remediator.Plan, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, usagef("there is no file %s: `keyproof remediate plan -o %s` makes it", path, path)
	}
	if err != nil {
		return nil, usagef("read the plan: %w", withoutCall(err))
	}
	defer f.Close()
	p, err := remediator.ReadPlan(f)
	if err != nil {
		return nil, usagef("%s: %w", path, err)
	}
	return p, nil
}
