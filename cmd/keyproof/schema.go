package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// schemas returns the published JSON schemas by name.
func schemas() (map[string][]byte, error) {
	all := map[string][]byte{"report": reports.Schema()}
	docs := map[string]any{"snapshot": model.SnapshotSchema()}
	for _, kind := range model.RuleKinds() {
		docs["input-"+string(kind)] = evaluator.InputSchema(kind, nil)
	}
	raw, err := config.Schema()
	if err != nil {
		return nil, err
	}
	all["config"] = raw
	for name, doc := range docs {
		raw, err := json.MarshalIndent(doc, "", "  ")
		if err != nil {
			return nil, err
		}
		all[name] = append(raw, '\n')
	}
	return all, nil
}

func newSchema(sys system) *cobra.Command {
	return &cobra.Command{
		Use:   "schema [NAME]",
		Short: "Print a JSON schema: of reports, of snapshots, of the configuration, of what rules read",
		Long: `Print a JSON schema. The names are report (of --output json), snapshot (of one
line of a file of --save), config (of keyproof.yaml, for editors) and input-KIND
(of the input of rules on a kind of resource, for "opa check --schema"). Without a name, list them.`,
		Example: "  keyproof schema report > report.schema.json\n  keyproof schema input-secret",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := schemas()
			if err != nil {
				return err
			}
			names := sortedKeys(all)
			if len(args) == 0 {
				_, err = fmt.Fprintln(sys.stdout, strings.Join(names, "\n"))
				return err
			}
			raw, ok := all[args[0]]
			if !ok {
				return usagef("schema %q does not exist: use one of %s", args[0], strings.Join(names, ", "))
			}
			_, err = sys.stdout.Write(raw)
			return err
		},
	}
}
