package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/reports"
)

// system is the world outside the program, so that tests can be another one.
type system struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	version        string
}

// Exit codes. Those of verdicts are model.Verdict.ExitCode.
const (
	exitFailed = 1 // the work could not be done
	exitUsage  = 2 // the command line is wrong
)

// exitCode ends the program with a code and without a message: the verdict of
// a scan is in its report already.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is an error of the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// interrupted is an interruption that can be gone on from, and says how.
type interrupted struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, sys system) int {
	root := newRoot(sys)
	root.SetArgs(args)
	root.SetOut(sys.stdout)
	root.SetErr(sys.stderr)
	err := completeValues(root)
	if err == nil {
		err = misnamed(root, args)
	}
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &interrupted{}):
		fmt.Fprintln(sys.stderr, "keyproof: "+clean(err.Error()))
		return exitFailed
	case ctx.Err() != nil:
		fmt.Fprintln(sys.stderr, "keyproof: interrupted; nothing was saved")
		return exitFailed
	}
	fmt.Fprintln(sys.stderr, "keyproof: "+clean(err.Error()))
	if isUsage(err) {
		return exitUsage
	}
	return exitFailed
}

// clean keeps line breaks, which our own errors have, and neutralises
// everything else that could act on a terminal.
func clean(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = reports.Clean(line)
	}
	return strings.Join(lines, "\n")
}

func newRoot(sys system) *cobra.Command {
	root := &cobra.Command{
		Use:   "keyproof",
		Short: "Prove how secrets are kept on AWS",
		Long: `keyproof scans how secrets are kept on AWS (Secrets Manager, Parameter Store,
KMS, CloudTrail, Lambda, RDS, IAM), judges what it finds against HIPAA, SOC 2 and
PCI DSS, and reports the proof.

It never reads a secret's value, a scan cannot write to an account, and it
never says pass about something that it could not read.`,
		Example: `  keyproof demo                          # scan the embedded example account
  keyproof scan --region eu-west-1       # scan your account in one region
  keyproof scan --profile audit --region all --output json=report.json
  keyproof gate plan.json                # judge a Terraform plan or a template
  keyproof permissions > scan-policy.json`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       sys.version,
	}
	// No custom templates: reaching cobra's template engine would keep every
	// method of the AWS SDK in the binary, 30 MB of them.
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	root.AddCommand(
		newScan(sys), newGate(sys), newRemediate(sys), newReport(sys), newHistory(sys), newDrift(sys), newLedger(sys),
		newEvents(sys), newEvidence(sys), newDR(sys), newDemo(sys), newRules(sys), newPermissions(sys), newSchema(sys),
		newVersion(sys),
	)
	strayArgs(root)
	return root
}

// isUsage tells errors of the command line, ours and cobra's, from the others.
func isUsage(err error) bool {
	var u usageError
	if errors.As(err, &u) {
		return true
	}
	text := err.Error()
	return strings.HasPrefix(text, "unknown command") || strings.HasPrefix(text, "accepts ") || strings.HasPrefix(text, "required flag")
}
