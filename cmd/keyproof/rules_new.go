package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

func newRulesNew(sys system) *cobra.Command {
	var kind string
	cmd := &cobra.Command{
		Use:   "new ID DIR/NAME",
		Short: "Write the two files of a new rule",
		Long: `Write DIR/NAME.rego and DIR/NAME_test.rego: a rule that loads and whose test
passes, to be changed into what you want. Files that exist are left alone.`,
		Example: "  keyproof rules new OWN-001 --kind secret my-rules/cost_centre\n  keyproof rules test my-rules",
		Args:    exactly(2, "name an id and a path: keyproof rules new OWN-001 --kind secret my-rules/cost_centre"),
		RunE: func(cmd *cobra.Command, args []string) error {
			j, err := evaluator.New(cmd.Context(), evaluator.Options{}, rules.FS())
			if err != nil {
				return err
			}
			if _, err := j.Explain(model.RuleID(args[0])); err == nil {
				return usagef("rule id %s is taken; choose letters of your own, such as OWN-001", args[0])
			}
			return sys.newRule(args[0], model.Kind(kind), args[1])
		},
	}
	cmd.Flags().StringVar(&kind, "kind", string(model.KindSecret), "`kind` of resource that the rule judges: "+kindNames())
	return cmd
}

// exactly is for commands with a number of arguments; hint says which.
func exactly(n int, hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%s", hint)
		}
		return nil
	}
}

func kindNames() string {
	var names []string
	for _, k := range model.RuleKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

var (
	ruleID   = regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]+$`)
	ruleName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	notName  = regexp.MustCompile(`[^a-z0-9_]+`)
)

func (sys system) newRule(id string, kind model.Kind, path string) error {
	dir, name := filepath.Split(strings.TrimSuffix(path, ".rego"))
	switch {
	case !ruleID.MatchString(id):
		return usagef("rule id %q: write capital letters, a dash and a number, such as OWN-001", id)
	case !slices.Contains(model.RuleKinds(), kind):
		return usagef("--kind %q does not exist: use one of %s", kind, kindNames())
	case dir == "" || !ruleName.MatchString(name) || strings.HasSuffix(name, "_test"):
		return usagef("%q: write DIR/NAME, the name in lower case with underscores, such as my-rules/cost_centre", path)
	}
	service := strings.Trim(notName.ReplaceAllString(strings.ToLower(filepath.Base(filepath.Clean(dir))), "_"), "_")
	if !ruleName.MatchString(service) {
		service = "own"
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the rule: %w", err)
	}
	rule, test := skeleton(id, kind, service, name)
	files := []string{filepath.Join(dir, name+".rego"), filepath.Join(dir, name+"_test.rego")}
	for _, file := range files {
		if _, err := os.Lstat(file); err == nil {
			return usagef("%s exists; choose another name", file)
		}
	}
	for i, text := range []string{rule, test} {
		if err := writeNew(files[i], text); err != nil {
			return err
		}
		fmt.Fprintf(sys.stdout, "wrote %s\n", files[i])
	}
	fmt.Fprintf(sys.stdout, "`keyproof schema input-%s` shows what it can read; `keyproof rules test %s` runs its test\n", kind, filepath.Clean(dir))
	return nil
}

// writeNew never overwrites.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write the rule: %w", err)
	}
	_, err = f.WriteString(text)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write the rule: %w", err)
	}
	return nil
}

// skeleton is a rule on the first attribute of the kind that is a text.
func skeleton(id string, kind model.Kind, service, name string) (rule, test string) {
	attribute := ""
	for _, f := range model.Fields(kind) {
		if f.Type.Kind() == reflect.String {
			attribute = f.Name
			break
		}
	}
	events := "" // of resources
	if kind == model.KindEvent {
		events = "#   events: [\"secretsmanager.amazonaws.com:GetSecretValue\"]\n"
	}
	words := strings.ReplaceAll(name, "_", " ")
	fill := strings.NewReplacer(
		"$ID", id, "$KIND", string(kind), "$EVENTS", events, "$SERVICE", service, "$NAME", name, "$ATTRIBUTE", attribute, "$TITLE", strings.ToUpper(words[:1])+words[1:],
	)
	return fill.Replace(ruleSkeleton), fill.Replace(testSkeleton)
}

const ruleSkeleton = `# METADATA
# title: $TITLE
# description: Say why this matters.
# scope: package
# custom:
#   id: $ID
#   kind: $KIND
#   severity: low
$EVENTS#   controls: {soc2: ["CC6.1"]}
#   remediation: {text: Say how to mend it.}
package rules.$SERVICE.$NAME

violation contains {"attribute": "$ATTRIBUTE", "message": "it has no $ATTRIBUTE"} if {
	not input.resource.$ATTRIBUTE
}
`

const testSkeleton = `package rules.$SERVICE.$NAME_test

import data.rules.$SERVICE.$NAME as rule

test_fails if {
	rule.violation == {{"attribute": "$ATTRIBUTE", "message": "it has no $ATTRIBUTE"}} with input.resource as {}
}

test_passes if count(rule.violation) == 0 with input.resource as {"$ATTRIBUTE": "something"}
`
