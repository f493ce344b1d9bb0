package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestActionRuns runs the scripts of action.yml as a job would.
func TestActionRuns(t *testing.T) {
	a := readAction(t)
	install, judge, verdict := a.Runs.Steps[0], a.Runs.Steps[1], a.Runs.Steps[3]
	program, err := exec.LookPath("keyproof")
	require.NoError(t, err)
	template, err := os.ReadFile(filepath.Join("..", "..", "fixtures", "cloudformation", "template.yaml"))
	require.NoError(t, err)

	for _, test := range []struct {
		name    string
		inputs  map[string]string
		verdict string
		code    int
		prints  string
	}{
		{"a change that fails", map[string]string{"files": "my template.yaml"}, "fail", 3, "::error file=my template.yaml,line=124"},
		{"several files, with arguments", map[string]string{
			"files": "\n  my template.yaml\n  other.yaml  \n", "args": "--rule=SM-001\n--min-severity\ncritical\n",
		}, "pass", 0, "PASS"},
		{"unknown", map[string]string{"files": "my template.yaml", "args": "--rule=SM-013\n--config=strict.yaml"}, "unknown", 4, "UNKNOWN"},
		{"no such file", map[string]string{"files": "nothere.yaml"}, "error", 2, "nothere.yaml: no such file"},
		{"no file", map[string]string{"files": " "}, "error", 2, "name a file to judge"},
		{"text that would be a command", map[string]string{"files": `$(touch pwned) "; touch pwned; "`}, "error", 2, "no such file"},
		{"a file that looks like a flag", map[string]string{"files": "--help"}, "error", 2, "--help: no such file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.inputs["binary"] = program
			r := newRunner(t, a, test.inputs)
			require.NoError(t, os.WriteFile(r.file("repo/my template.yaml"), template, 0o600))
			require.NoError(t, os.WriteFile(r.file("repo/other.yaml"), []byte("Resources: {T: {Type: AWS::SNS::Topic}}\n"), 0o600))
			require.NoError(t, os.WriteFile(r.file("repo/strict.yaml"), []byte("gate: {unknown: {not_in_source: {action: fail}}}\n"), 0o600))
			code, printed := r.step(judge)
			require.Equal(t, 0, code, printed)
			assert.Contains(t, printed, test.prints)
			assert.Equal(t, test.verdict, r.outputs["verdict"])
			code, _ = r.step(verdict)
			assert.Equal(t, test.code, code)
			assert.NoFileExists(t, r.file("repo/pwned"))
			if test.verdict == "error" {
				assert.Empty(t, r.read("summary"))
				assert.Empty(t, r.outputs["sarif"])
				return
			}
			assert.Contains(t, r.read("summary"), "## keyproof gate")
			assert.FileExists(t, r.outputs["sarif"])
			assert.FileExists(t, r.outputs["markdown"])
		})
	}

	t.Run("without a summary", func(t *testing.T) {
		r := newRunner(t, a, map[string]string{"files": "t.yaml", "binary": program, "summary": "false"})
		require.NoError(t, os.WriteFile(r.file("repo/t.yaml"), template, 0o600))
		code, printed := r.step(judge)
		require.Equal(t, 0, code, printed)
		assert.Empty(t, r.read("summary"))
	})

	t.Run("built by go install", func(t *testing.T) {
		for version, want := range map[string]string{"": "v1", "v1.2.3": "v1.2.3"} {
			r := newRunner(t, a, map[string]string{"files": "t.yaml", "version": version})
			require.NoError(t, os.WriteFile(r.file("repo/t.yaml"), template, 0o600))
			require.NoError(t, os.MkdirAll(r.file("path/bin"), 0o700))
			require.NoError(t, os.Symlink(program, r.file("path/bin/keyproof")))
			fake := "#!/bin/sh\nif [ \"$1\" = env ]; then echo '" + r.file("path") + "'; else echo \"go $*\"; fi\n"
			require.NoError(t, os.WriteFile(r.file("go"), []byte(fake), 0o700))
			path := "PATH=" + r.dir + string(os.PathListSeparator) + os.Getenv("PATH")
			_, printed := r.step(install, path)
			assert.Equal(t, "go install github.com/keyproof/keyproof/cmd/keyproof@"+want+"\n", printed)
			code, printed := r.step(judge, path)
			require.Equal(t, 0, code, printed)
			assert.Equal(t, "fail", r.outputs["verdict"], printed)
		}
	})
}
