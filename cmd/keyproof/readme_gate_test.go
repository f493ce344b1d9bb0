package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/internal/config"
)

// readmeGate is the section of the README on the gate.
func readmeGate(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(raw), "\n## Gate\n")
	require.True(t, ok)
	section, _, ok = strings.Cut(section, "\n## ")
	require.True(t, ok)
	return section
}

// blocks are the code blocks of a language.
func blocks(section, language string) []string {
	var list []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)\n```").FindAllStringSubmatch(section, -1) {
		list = append(list, m[1])
	}
	return list
}

// TestReadmeGateCommands: each command that the section shows has flags that
// exist.
func TestReadmeGateCommands(t *testing.T) {
	found := regexp.MustCompile(`keyproof gate ([a-z]+[^\n#]*)`).FindAllStringSubmatch(strings.Join(append(
		blocks(readmeGate(t), "console"), blocks(readmeGate(t), "yaml")...), "\n"), -1)
	require.Greater(t, len(found), 4)
	for _, m := range found {
		cmd := newGate(system{stdout: io.Discard, stderr: io.Discard})
		require.NoError(t, cmd.ParseFlags(strings.Fields(m[1])), m[0])
		assert.NotEmpty(t, cmd.Flags().Args(), m[0])
	}
}

// TestReadmeGateFiles: the configuration is one, the workflow names inputs of the
// action, the job of GitLab is YAML, and the hooks exist.
func TestReadmeGateFiles(t *testing.T) {
	section := readmeGate(t)
	list := blocks(section, "yaml")
	require.Len(t, list, 3)

	path := filepath.Join(t.TempDir(), "keyproof.yaml")
	require.NoError(t, os.WriteFile(path, []byte(list[0]), 0o600))
	c, err := config.Load(path)
	require.NoError(t, err)
	assert.Len(t, c.Gate.Unknown, 2)
	assert.Len(t, c.Gate.Frameworks, 2)

	var workflow struct {
		Jobs struct {
			Gate struct {
				Steps []struct {
					Uses string
					With map[string]string
				}
			}
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(list[1]), &workflow))
	a, seen := readAction(t), 0
	for _, step := range workflow.Jobs.Gate.Steps {
		if !strings.HasPrefix(step.Uses, "keyproof/keyproof@") {
			continue
		}
		seen++
		for name := range step.With {
			assert.Contains(t, a.Inputs, name)
		}
		require.NoError(t, newGate(system{}).ParseFlags(strings.Fields(strings.ReplaceAll(step.With["args"], "${{ github.base_ref }}", "main"))))
	}
	require.Equal(t, 1, seen)

	var job map[string]struct{ Script []string }
	require.NoError(t, yaml.Unmarshal([]byte(list[2]), &job))
	require.Len(t, job["keyproof"].Script, 3)
	for _, hook := range readHooks(t) {
		assert.Contains(t, section, "`"+hook.ID+"`")
	}
}

// hook is what the tests need of .pre-commit-hooks.yaml.
type hook struct {
	ID, Name, Description, Entry, Language, Files string
	Args                                          []string
	Serial                                        bool `yaml:"require_serial"`
}

func readHooks(t *testing.T) []hook {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", ".pre-commit-hooks.yaml"))
	require.NoError(t, err)
	var hooks []hook
	require.NoError(t, yaml.Unmarshal(raw, &hooks))
	return hooks
}

// TestHooks: what pre-commit would run is a command of ours, on the files that are
// meant.
func TestHooks(t *testing.T) {
	want := map[string][]string{
		"keyproof-gate":      {"template.yaml", "infra/template.json", "a/db.template", "a/db.cfn.yml", "cdk/Stack.template.json"},
		"keyproof-gate-plan": {"plan.json", "infra/tfplan.json", "prod.plan.json", "prod-plan.json"},
	}
	hooks := readHooks(t)
	require.Len(t, hooks, len(want))
	for _, h := range hooks {
		assert.NotEmpty(t, h.Name)
		assert.NotEmpty(t, h.Description)
		assert.Equal(t, "golang", h.Language, "pre-commit builds it")
		assert.True(t, h.Serial, "two halves of a commit would be two reports")
		words := slices.Concat(strings.Fields(h.Entry), h.Args, want[h.ID])
		require.Equal(t, []string{"keyproof", "gate"}, words[:2])
		cmd := newGate(system{})
		require.NoError(t, cmd.ParseFlags(words[2:]))
		assert.Equal(t, want[h.ID], cmd.Flags().Args())
		files := regexp.MustCompile(h.Files)
		for _, name := range want[h.ID] {
			assert.True(t, files.MatchString(name), name)
		}
		for _, name := range []string{"docker-compose.yaml", "package.json", "explanation.json", "template.tf", "templates/mail.html"} {
			assert.False(t, files.MatchString(name), name)
		}
	}
}
