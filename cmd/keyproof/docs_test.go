package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// fresh compares a generated file with what it should hold, or writes it with
// -update.
func fresh(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, want, 0o644))
		return
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "%s is stale: run make docs", path)
}

// TestDocsSchemas keeps the published schemas fresh: of snapshots beside the
// model, of rules' input beside the rules.
func TestDocsSchemas(t *testing.T) {
	all, err := schemas()
	require.NoError(t, err)
	fresh(t, "../../model/snapshot.schema.json", all["snapshot"])
	fresh(t, "../../internal/config/config.schema.json", all["config"])
	for _, kind := range model.RuleKinds() {
		fresh(t, "../../rules/schema/"+string(kind)+".json", all["input-"+string(kind)])
	}
}

// TestSnapshotFollowsSchema validates each line of a real snapshot.
func TestSnapshotFollowsSchema(t *testing.T) {
	all, err := schemas()
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(all["snapshot"]))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("snapshot.json", doc))
	schema, err := c.Compile("snapshot.json")
	require.NoError(t, err)
	world, server := startWorld(t)
	lines := strings.Split(strings.TrimSpace(scanAcme(t, t.Context(), server, world).snap), "\n")
	require.Greater(t, len(lines), 100)
	for _, line := range lines {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(v), line)
	}
	wrong, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"kind":"secret","account":"1","region":"r","id":"i","name":"n","attributes":{"value":"x"}}`))
	require.NoError(t, err)
	require.Error(t, schema.Validate(wrong), "there is no attribute for a value")
}

const (
	readmeStart = "It begins like this:\n\n```\n"
	readmeEnd   = "\n```\n"
	readmeLines = 48
)

// TestDocsReadme keeps the example in the README what the demonstration prints.
func TestDocsReadme(t *testing.T) {
	raw, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(raw), readmeStart)
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, readmeEnd)
	require.True(t, ok)
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"demo"}, system{
		getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "devel",
	})
	require.Equal(t, 3, code, errs.String())
	lines := strings.Split(out.String(), "\n")
	fresh(t, "../../README.md", []byte(before+readmeStart+strings.Join(lines[:readmeLines], "\n")+readmeEnd+after))
}

// TestReadmeRule judges with the rule that the README shows.
func TestReadmeRule(t *testing.T) {
	raw, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(raw), "```rego\n")
	require.True(t, ok)
	text, _, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cost.rego"), []byte(text), 0o600))
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"demo", "--rules", dir, "--rule", "OWN-001"}, system{
		getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: time.Now, version: "test",
	})
	require.Equal(t, 3, code, errs.String())
	require.Contains(t, out.String(), "no tag cost-centre")
}
