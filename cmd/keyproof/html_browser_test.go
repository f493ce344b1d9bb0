package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/browser"
)

// htmlOf runs keyproof with arguments and returns the HTML report that it writes.
func htmlOf(t *testing.T, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	var stderr bytes.Buffer
	code := run(t.Context(), append(args, "--output", "html="+path), system{
		getenv: func(string) string { return "" }, stdout: io.Discard, stderr: &stderr, now: func() time.Time { return scriptNow }, version: "0.0.0-test",
	})
	require.Equal(t, 3, code, stderr.String())
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(raw)
}

// riskyTemplate is a change with something for every section of a report.
const riskyTemplate = `Parameters: {Key: {Type: String}}
Resources:
  Token: {Type: AWS::SecretsManager::Secret, Properties: {Name: shop/token, KmsKeyId: !Ref Key}}
  Key2: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: false, KeyPolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*"}]}}}
`

func riskyGate(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "template.yaml")
	require.NoError(t, os.WriteFile(file, []byte(riskyTemplate), 0o600))
	return htmlOf(t, "gate", file)
}

// TestHTMLReportsAreForEveryone: the reports of the example account and of a
// change, on screens of three widths, light and dark, have nothing that axe-core
// objects to, never scroll sideways, and leave the network alone.
func TestHTMLReportsAreForEveryone(t *testing.T) {
	for _, of := range []struct {
		name, html string
		judged     bool // by axe-core, which is slow; the tests of reports do so in light and dark
	}{{"account", htmlOf(t, "demo", "--quiet"), true}, {"change", riskyGate(t), false}} {
		p := browser.Open(t, of.html)
		backs := map[string]bool{}
		for _, look := range []struct {
			width  int
			scheme string
		}{{1440, "light"}, {820, "dark"}, {390, "light"}} {
			p.Look(look.width, "screen", look.scheme)
			require.LessOrEqual(t, browser.Eval[int](p, `document.documentElement.scrollWidth`), look.width, "%s at %d", of.name, look.width)
			require.GreaterOrEqual(t, browser.Eval[float64](p, `(() => { const t = document.querySelector("svg text"); return 13 * t.getScreenCTM().a; })()`), 11.0, "pixels of the letters of a chart")
			backs[browser.Eval[string](p, `getComputedStyle(document.body).backgroundColor`)] = true
			if of.judged && look.width == 1440 {
				for _, v := range p.Violations(filepath.Join("..", "..")) {
					t.Errorf("%s, %d pixels, %s: %s", of.name, look.width, look.scheme, v)
				}
			}
		}
		require.Len(t, backs, 2, "dark is dark")
		require.Empty(t, p.Complaints())
	}
}

// TestHTMLReportPrints: on paper there is no dark, nothing to click, nothing
// folded that matters, and all chosen results.
func TestHTMLReportPrints(t *testing.T) {
	p := browser.Open(t, htmlOf(t, "demo", "--quiet"))
	p.Look(1440, "print", "dark")
	require.Equal(t, "rgb(255, 255, 255)", browser.Eval[string](p, `getComputedStyle(document.body).backgroundColor`))
	require.Equal(t, "none", browser.Eval[string](p, `getComputedStyle(document.querySelector(".controls")).display`))
	p.Look(1440, "", "light")

	const rows, folded = `document.querySelectorAll("#rows tr").length`, `[...document.querySelectorAll("details")].filter((d) => d.querySelector(".rows") && !d.open).length`
	browser.Eval[bool](p, `window.paper = 0, addEventListener("beforeprint", () => { paper = [`+rows+`, `+folded+`]; }), true`)
	before := browser.Eval[[]int](p, `[`+rows+`, `+folded+`]`)
	require.Equal(t, 100, before[0])
	require.Positive(t, before[1])
	pdf := p.PDF()
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-")))
	require.Greater(t, bytes.Count(pdf, []byte("/Type /Page\n")), 10)
	paper := browser.Eval[[]int](p, `paper`)
	require.Greater(t, paper[0], 200)
	require.Zero(t, paper[1])
	require.Equal(t, before, browser.Eval[[]int](p, `[`+rows+`, `+folded+`]`), "as it was")
	require.Empty(t, p.Complaints())
}
