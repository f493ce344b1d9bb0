package reports_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// ownHTML is all HTML that a Markdown report may have.
var ownHTML = regexp.MustCompile(`^(<!-- -->|<details><summary>[0-9a-z:, ]+</summary>|</details>)$`)

// notifies is what GitHub would take for a person, an issue or a link in text.
var notifies = regexp.MustCompile(`@[A-Za-z0-9]|#[0-9]`)

// tame reads Markdown as GitHub does and returns an error for anything in it
// that only a string from outside can have put there.
func tame(source string) error {
	raw := []byte(source)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(raw))
	return ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link, *ast.Image, *ast.AutoLink, *ast.Blockquote, *ast.ThematicBreak, *ast.CodeBlock:
			return ast.WalkStop, fmt.Errorf("%s in the report", n.Kind())
		case *ast.RawHTML:
			if html := string(n.Segments.Value(raw)); !ownHTML.MatchString(html) {
				return ast.WalkStop, fmt.Errorf("HTML %q", html)
			}
		case *ast.HTMLBlock:
			if html := strings.TrimSpace(string(n.Lines().Value(raw))); !ownHTML.MatchString(html) {
				return ast.WalkStop, fmt.Errorf("HTML %q", html)
			}
		case *ast.Emphasis:
			if n.Level != 2 {
				return ast.WalkStop, fmt.Errorf("emphasis")
			}
		case *ast.FencedCodeBlock:
			if l := string(n.Language(raw)); l != "hcl" && l != "yaml" && l != "sh" {
				return ast.WalkStop, fmt.Errorf("a code block in %q", l)
			}
		case *ast.List:
			if n.IsOrdered() || n.Parent().Kind() == ast.KindListItem {
				return ast.WalkStop, fmt.Errorf("a list in the report")
			}
		case *ast.Heading:
			if n.Level < 2 || n.Parent().Kind() != ast.KindDocument {
				return ast.WalkStop, fmt.Errorf("a heading in the report")
			}
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if s := n.Segment.Value(raw); notifies.Match(s) {
				return ast.WalkStop, fmt.Errorf("%q notifies", s)
			}
		}
		return ast.WalkContinue, nil
	})
}

// TestTame makes sure that the test of Markdown can fail.
func TestTame(t *testing.T) {
	require.NoError(t, tame("## a\n\n- `@octocat <b>` b\n\n<details><summary>2 waived: a, b</summary>\n\n**x**\n\n</details>\n"))
	for _, s := range []string{
		"[a](b)", "![a](b)", "http://a.example", "www.a.example", "<b>", "a <img src=x> b", "*a*", "@octocat", "#1", "# a", "- - a", "1. a", "```js\n```",
		"> a", "---", "    a", "<details><summary><b>x</b></summary>\n", "a@b.example", "- # a",
	} {
		require.Error(t, tame(s), s)
	}
}

func TestMarkdownOfAChange(t *testing.T) {
	r := gate()
	out := write(t, "markdown", r, judged(r, 0, 0))
	require.NoError(t, tame(out))
	require.True(t, strings.HasPrefix(out, "## keyproof gate: FAIL\n\n**4 introduced · 1 existing · 1 fixed · 4 unknown · 1 waived"))
	require.Contains(t, out, "| high | 2 | 1 | 0 | 1 | 0 |\n")
	require.Contains(t, out, "- `modules/shop/secrets.tf:12` `module.shop.aws_secretsmanager_secret.stripe`: automatic rotation is off\n")
	require.Contains(t, out, "```hcl\nresource \"aws_secretsmanager_secret_rotation\" \"this\" {\n")
	require.Contains(t, out, "```yaml\nRotation:\n  Type: AWS::SecretsManager::RotationSchedule\n")
	require.Contains(t, out, "````hcl\n# a fence ``` inside\n", "a snippet cannot end its block")
	require.NotContains(t, out, "aws secretsmanager")
	require.Contains(t, out, "SOC 2 CC6.1 (proposed)")
	_, folded, _ := strings.Cut(out, "<details>")
	require.Contains(t, folded, "4 unknown: what the live scan must still prove after apply</summary>")
	require.Contains(t, folded, "**known after apply** (2 results)\n\n- KMS-001: 1 result about `rotation_period_days`\n- SM-002: 1 result about `kms_key`\n")
	require.Equal(t, 5, strings.Count(out, "\n<details>"))
	require.Equal(t, 5, strings.Count(out, "\n</details>\n"))
}

func TestMarkdownOfAScan(t *testing.T) {
	for _, r := range []*model.Report{theReport(), accepted(t), passing(), nothingFound(), newReport(nil, nil), plan(), eventful()} {
		require.NoError(t, tame(write(t, "markdown", r, judged(r, 0, 0))))
	}
	r := accepted(t)
	out := write(t, "markdown", r, judged(r, 0, 0))
	require.Contains(t, out, "```sh\naws secretsmanager rotate-secret \\\n", "what runs is mended by a command")
	require.Contains(t, out, "6 waived: these fail, and somebody accepted it for a time</summary>")
	require.Contains(t, out, "owners are kept elsewhere (keyproof.yaml:3)")
	require.Contains(t, out, "- to settle 5 results: allow secretsmanager:ListSecrets\n")
	require.Contains(t, write(t, "markdown", theReport(), judged(r, 0, 0)), "- nothing of 444455556666 in me-south-1 could be read")
}

// TestMarkdownFitsAComment: however many rules fail and however long the names
// are, GitHub takes it, and what is left out is said.
func TestMarkdownFitsAComment(t *testing.T) {
	long := strings.Repeat("@#", 1_000) + strings.Repeat("e\u0301", 1_000)
	var results []*model.Result
	rules := gateRules()
	for i := range 120 {
		rules = append(rules, model.Rule{ID: model.RuleID(fmt.Sprintf("X-%03d", i)), Title: "T" + long, Severity: model.SeverityLow})
		for n := range 12 {
			at := written(model.KindSecret, long+".tf", 1, fmt.Sprint("aws_secretsmanager_secret.a", n, long))
			results = append(results, judgedAs(at, rules[len(rules)-1].ID, model.StatusFail, model.DeltaIntroduced, "a|"+long))
		}
	}
	results = append(results, gateResults()...)
	r := gateOf(results...)
	r.Rules, r.Source = rules, long
	out := write(t, "markdown", r, judged(r, 0, 0))
	require.Less(t, len(out), 65_536)
	require.Contains(t, out, "#### SM-007 Secrets are not public (critical)\n", "the worst is there")
	require.Regexp(t, `[0-9]+ more sections did not fit: the json report has all results.\n`, out)
	require.NoError(t, tame(out))
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{hostileMarkdown, hostileANSI, strings.Repeat("`", 100), " ` ", "1. a", "- a", "# a", "a\n\n# b", "&lt;", `\`, "http://x", "|", "a@b.c", "***a***"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := gateOf(judgedAs(written(model.KindSecret, s+".tf", 1, s), "SM-001", model.StatusFail, "", "x|"+s, "y|b"))
		r.Rules[0].Title, r.Rules[0].Remediation.HCL = s, s
		var out bytes.Buffer
		format, err := reports.Find("markdown")
		require.NoError(t, err)
		require.NoError(t, format.Write(&out, r, reports.Options{}))
		require.NoError(t, tame(out.String()), "%s", out.String())
	})
}
