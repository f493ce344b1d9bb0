package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/reports"
)

// exampleRules judge the examples: a few, so that files stay small and a new rule
// does not change them. They pass, fail, are unknown, waived and not applicable.
var exampleRules = []string{"SM-001", "SM-002", "SSM-001", "KMS-005", "CT-007"}

const examplesDir = "../../examples"

// exampleArgs scan the example account as the examples say it was.
func exampleArgs() []string {
	args := []string{"demo", "--quiet", "--config", "keyproof.yaml"}
	for _, rule := range exampleRules {
		args = append(args, "--rule", rule)
	}
	return args
}

// runExample runs the program in the folder of the examples, whose configuration
// the reports name as a reader does.
func runExample(t *testing.T, args []string) string {
	t.Helper()
	t.Chdir(examplesDir)
	var out, errs bytes.Buffer
	code := run(t.Context(), args, system{getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "0.0.0-example"})
	require.Contains(t, []int{0, 3}, code, errs.String())
	return out.String()
}

// TestExamples keeps the examples what the program writes. A PDF and pictures
// depend on the browser, so they are made anew by `make examples` and otherwise
// only looked for.
func TestExamples(t *testing.T) {
	dir := t.TempDir()
	args, made := exampleArgs(), map[string]string{"component-definition.oscal.json": ""}
	for _, f := range reports.Formats() {
		name := "report." + f.Extension
		if f.Name == "github" {
			name = "github.txt"
		}
		if _, err := exec.LookPath("chromium"); f.Prints && (!*update || err != nil) {
			_, err := os.Stat(filepath.Join(examplesDir, name))
			require.NoError(t, err, "run make examples where there is a Chromium")
			continue
		}
		made[name] = f.Name
		args = append(args, "-o", f.Name+"="+filepath.Join(dir, name))
	}
	t.Run("reports", func(t *testing.T) { runExample(t, args) })
	t.Run("rules", func(t *testing.T) {
		rules := []string{"rules", "list", "--output", "oscal", "--config", "keyproof.yaml"}
		for _, rule := range exampleRules {
			rules = append(rules, "--rule", rule)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, "component-definition.oscal.json"), []byte(runExample(t, rules)), 0o600))
	})
	for name := range made {
		want, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		freshExample(t, name, want)
	}
	freshExample(t, "README.md", []byte(exampleReadme()))
}

func freshExample(t *testing.T, name string, want []byte) {
	t.Helper()
	path := filepath.Join(examplesDir, name)
	if *update {
		require.NoError(t, os.WriteFile(path, want, 0o644))
		return
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err, "run make examples")
	require.True(t, bytes.Equal(want, got), "%s is stale: run make examples and read the difference", path)
}

// exampleReadme says what each file is, in the words of the formats.
func exampleReadme() string {
	var b strings.Builder
	b.WriteString("# What keyproof writes\n\n<!-- made by make examples -->\n\nOne scan of the embedded example account by five of the rules, in every format. Made in this folder by\n\n```sh\nkeyproof " +
		strings.Join(exampleArgs(), " ") + " --output FORMAT=FILE\n```\n\n| format | file | what it is |\n| --- | --- | --- |\n")
	for _, f := range reports.Formats() {
		name := "report." + f.Extension
		if f.Name == "github" {
			name = "github.txt"
		}
		fmt.Fprintf(&b, "| `%s` | [%s](%[2]s) | %s |\n", f.Name, name, f.Doc)
	}
	b.WriteString("| | [component-definition.oscal.json](component-definition.oscal.json) | `keyproof rules list --output oscal`: the rules and the controls that they are evidence for |\n" +
		"| | [keyproof.yaml](keyproof.yaml) | the parameter and the waiver that the reports show |\n\n" +
		"![The html report](report-light.png)\n\n![The html report in dark mode, on a narrow screen](report-dark.png)\n\n![The text report in a terminal](terminal.png)\n")
	return b.String()
}
