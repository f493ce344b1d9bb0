package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/chromium"
	"github.com/keyproof/keyproof/internal/needs"
)

// TestPDF prints the example account's report and reads it with another program:
// it has the title page, every rule, and the results that a script fills in.
func TestPDF(t *testing.T) {
	t.Parallel()
	needs.Program(t, "chromium", "apt-get install chromium")
	totext := needs.Program(t, "pdftotext", "apt-get install poppler-utils")
	path := filepath.Join(t.TempDir(), "report.pdf")
	code, stderr := demo(t, nil, "-o", "pdf="+path)
	require.Equal(t, 3, code, stderr)

	text, err := exec.Command(totext, path, "-").Output()
	require.NoError(t, err)
	flat := strings.Join(strings.Fields(string(text)), " ")
	judge, err := (&judgeOptions{noSearch: true}).load(t.Context())
	require.NoError(t, err)
	for _, rule := range judge.Rules() {
		require.True(t, strings.Contains(flat, rule.Title), rule.Title) // not Contains, which prints 60 pages
	}
	for _, want := range []string{"Compliance report: 2 accounts, 3 regions", "taken 2026-03-14T09:26:53Z", "chosen results, of", "ssm:DescribeParameters denied"} {
		require.True(t, strings.Contains(flat, want), want)
	}
	pages := strings.Count(string(text), "\f")
	require.Greater(t, pages, 20)
	require.True(t, strings.Contains(flat, "1 of "+strconv.Itoa(pages)))
	require.False(t, strings.Contains(flat, "file:///"), "a browser's own header would say where the page was")
}

// TestPDFWithoutABrowser fails before the scan, and leaves nothing.
func TestPDFWithoutABrowser(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.pdf")
	code, stderr := demo(t, map[string]string{chromium.Variable: "/nowhere/chrome"}, "-o", "pdf="+path)
	require.Equal(t, exitFailed, code)
	require.Contains(t, stderr, "pdf report: the browser that CHROME names is not a program here")
	_, err := os.Stat(path)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// demo runs the program on the embedded account.
func demo(t *testing.T, env map[string]string, args ...string) (code int, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"demo", "--quiet"}, args...), system{
		getenv: func(name string) string { return env[name] }, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "0.0.0-test",
	})
	return code, errs.String()
}
