package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// action is what the tests need of action.yml.
type action struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	Name, ID, If, Shell, Run, Uses string
	Env                            map[string]string
	With                           map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "action.yml"))
	require.NoError(t, err)
	var a action
	require.NoError(t, yaml.Unmarshal(raw, &a))
	require.Equal(t, "composite", a.Runs.Using)
	return a
}

// expression matches what GitHub fills in.
var expression = regexp.MustCompile(`\$\{\{ *([^}]*?) *\}\}`)

// TestActionIsWhole: what is declared is used and explained, what is used is
// declared, and no script has text of users pasted into it.
func TestActionIsWhole(t *testing.T) {
	a := readAction(t)
	raw, err := os.ReadFile(filepath.Join("..", "..", "action.yml"))
	require.NoError(t, err)
	for name, in := range a.Inputs {
		assert.NotEmpty(t, in.Description, name)
		assert.Contains(t, string(raw), "inputs."+name, "nothing uses the input %s", name)
	}
	for _, m := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(string(raw), -1) {
		assert.Contains(t, a.Inputs, m[1])
	}
	for name, out := range a.Outputs {
		assert.NotEmpty(t, out.Description, name)
		assert.Equal(t, "${{ steps.gate.outputs."+name+" }}", out.Value)
		assert.Contains(t, string(raw), `echo "`+name+"=")
	}
	for _, s := range a.Runs.Steps {
		assert.NotRegexp(t, expression, s.Run, s.Name)
		assert.True(t, s.Run == "" || s.Shell == "bash", "GitHub wants a shell for each script: %s", s.Name)
	}
}

// runner is a job of GitHub's: a checkout in repo, and the files that a step writes to.
type runner struct {
	t       *testing.T
	dir     string
	inputs  map[string]string
	outputs map[string]string // of the step gate
}

// newRunner makes one for some inputs; those that are not given have their defaults.
func newRunner(t *testing.T, a action, inputs map[string]string) *runner {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not there to run the scripts of the action")
	}
	r := &runner{t: t, dir: t.TempDir(), inputs: map[string]string{}, outputs: map[string]string{}}
	require.NoError(t, os.Mkdir(r.file("repo"), 0o700))
	for name, in := range a.Inputs {
		r.inputs[name] = in.Default
	}
	for name, value := range inputs {
		r.inputs[name] = value
	}
	return r
}

// fill does what GitHub does to an expression, as far as this action has any.
func (r *runner) fill(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		what := expression.FindStringSubmatch(e)[1]
		for _, one := range strings.Split(what, "||") {
			one = strings.TrimSpace(one)
			value := ""
			if name, ok := strings.CutPrefix(one, "inputs."); ok {
				value = r.inputs[name]
			} else if name, ok := strings.CutPrefix(one, "steps.gate.outputs."); ok {
				value = r.outputs[name]
			} else {
				require.Equal(r.t, "github.action_ref", one)
				value = "v1"
			}
			if value != "" {
				return value
			}
		}
		return ""
	})
}

// step runs the script of a step and returns its exit code and what it prints.
func (r *runner) step(s actionStep, env ...string) (code int, printed string) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	cmd.Dir = r.file("repo")
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+r.dir, "GITHUB_OUTPUT="+r.file("output"), "GITHUB_STEP_SUMMARY="+r.file("summary"))
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+r.fill(value))
	}
	cmd.Env = append(cmd.Env, env...)
	raw, err := cmd.CombinedOutput()
	if err != nil {
		require.IsType(r.t, &exec.ExitError{}, err)
	}
	for _, line := range strings.Split(r.read("output"), "\n") {
		if name, value, ok := strings.Cut(line, "="); ok && s.ID == "gate" {
			r.outputs[name] = value
		}
	}
	return cmd.ProcessState.ExitCode(), string(raw)
}

func (r *runner) file(name string) string { return filepath.Join(r.dir, name) }

// read is what a file of the job holds; empty when no step wrote it.
func (r *runner) read(name string) string {
	raw, err := os.ReadFile(r.file(name))
	if err != nil {
		require.ErrorIs(r.t, err, os.ErrNotExist)
	}
	return string(raw)
}
