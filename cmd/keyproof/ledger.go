package main

import (
	"encoding/json"
	"strconv"

	"github.com/spf13/cobra"
)

func newLedger(sys system) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ledger",
		Short: "Verify the record of runs and changes, and prune it by age",
		Long: `The ledger is one SQLite file with a folder of snapshots beside it. It only grows:
each record holds the hash of the one before, so that nothing in it can be altered,
removed or reordered unnoticed.`,
		Example: `  keyproof ledger verify
  keyproof ledger prune --older-than 400d --dry-run`,
	}
	cmd.AddCommand(newLedgerVerify(sys), newLedgerPrune(sys))
	return cmd
}

func textOrJSON(output string) error {
	if output != "text" && output != "json" {
		return usagef("--output %q: write text or json", output)
	}
	return nil
}

// writeJSON prints a value for programs. It is what every verb prints JSON with;
// nothing is escaped for HTML, since a "<" in a policy is easier to read as one.
func (sys system) writeJSON(v any) error {
	enc := json.NewEncoder(sys.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// first is the part of a list that is shown with a limit; 0 shows all.
func first[T any](list []T, limit int) []T {
	if limit > 0 && len(list) > limit {
		return list[:limit]
	}
	return list
}

// counted writes "1 run" or "12 runs".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
