package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/config"
)

// TestReadmeConfig scans with the configuration that the README shows, and
// makes sure that each part of it does something.
func TestReadmeConfig(t *testing.T) {
	raw, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(raw), "```yaml\nscope:")
	require.True(t, ok)
	text, _, ok := strings.Cut("scope:"+rest, "```")
	require.True(t, ok)
	path := filepath.Join(t.TempDir(), config.Name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"demo", "--config", path, "--limit", "0"}, system{
		getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "test",
	})
	require.Equal(t, 3, code, errs.String())
	for _, want := range []string{
		"1 waived", "waived by CISO until 2026-06-30; owner payments", "max_days is 180 days instead of 90: risk analysis 2026-03, CISO",
		"max_days is 365 days for account 4444*, region eu-*, name dev/*: test data only", "disuse is reviewed by the access board",
		"something of severity medium or worse fails",
	} {
		require.Contains(t, strings.Join(strings.Fields(out.String()), " "), want)
	}
	require.NotContains(t, out.String(), "SOC 2")
}

// TestScopeOfFile: flags win over the file, and the embedded account over both.
func TestScopeOfFile(t *testing.T) {
	file := &config.Config{Scope: config.Scope{
		Profiles: []string{"p"}, AssumeRoles: []string{"r"}, ExternalID: "x", Regions: []string{"eu-west-1"}, TrustedAccounts: []string{"1"},
	}}
	for _, c := range []struct {
		name       string
		have, want accessOptions
	}{
		{"no flag", accessOptions{}, accessOptions{profiles: []string{"p"}, roles: []string{"r"}, externalID: "x", regions: []string{"eu-west-1"}, trusted: []string{"1"}}},
		{
			"another account", accessOptions{profiles: []string{"q"}},
			accessOptions{profiles: []string{"q"}, regions: []string{"eu-west-1"}, trusted: []string{"1"}},
		},
		{
			"another role and region", accessOptions{roles: []string{"s"}, regions: []string{"all"}},
			accessOptions{roles: []string{"s"}, externalID: "x", regions: []string{"all"}, trusted: []string{"1"}},
		},
		{
			"all of it", accessOptions{roles: []string{"s"}, externalID: "y", regions: []string{"all"}, trusted: []string{"2"}},
			accessOptions{roles: []string{"s"}, externalID: "y", regions: []string{"all"}, trusted: []string{"2"}},
		},
	} {
		got := c.have
		got.configure(file)
		c.want.typed = c.have.flags() // which the next command needs, and not what the file says
		require.Equal(t, c.want, got, c.name)
	}
}
