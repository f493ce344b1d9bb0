package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/rules"
)

func newRulesTest(sys system) *cobra.Command {
	return &cobra.Command{
		Use:   "test [DIR...]",
		Short: "Run the tests of our rules and of yours",
		Long: `Load the embedded rules and those of the directories or bundles, run all of
their tests with OPA's tester, and list the lines of rules that no test runs.

Exit codes: 0 all tests pass and run every line, 1 some do not, 2 a rule does
not load.`,
		Example: "  keyproof rules test\n  keyproof rules test ./my-rules",
		RunE: func(cmd *cobra.Command, args []string) error {
			sources, err := userRules(args)
			if err != nil {
				return err
			}
			report, err := evaluator.Test(cmd.Context(), rules.FS(), sources...)
			if err != nil {
				return usageError{err}
			}
			for _, f := range report.Failed {
				fmt.Fprintln(sys.stdout, clean("FAIL  "+f))
			}
			for _, u := range report.Uncovered {
				fmt.Fprintln(sys.stdout, clean("no test runs "+u))
			}
			fmt.Fprintf(sys.stdout, "%d passed, %d failed, %d places without a test\n", report.Passed, len(report.Failed), len(report.Uncovered))
			if len(report.Failed)+len(report.Uncovered) > 0 {
				return exitCode(exitFailed)
			}
			return nil
		},
	}
}
