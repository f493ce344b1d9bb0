package reports_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// workflowCommand is a line as GitHub's runner reads it: a command that it knows,
// properties without : and , in their values, and a message.
var workflowCommand = regexp.MustCompile(`^::(error|warning|notice)( (file|line|title)=[^:,]+(,(line|title)=[^:,]+)*)?::(.*)$`)

func levels(t *testing.T, out string) map[string]int {
	t.Helper()
	n := map[string]int{}
	for line := range strings.Lines(out) {
		m := workflowCommand.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		require.NotNil(t, m, "%q", line)
		n[m[1]]++
	}
	return n
}

func TestGitHubAnnotatesTheLines(t *testing.T) {
	r := gate()
	out := write(t, "github", r, judged(r, 0, 0))
	require.Equal(t, map[string]int{"error": 3, "warning": 2, "notice": 3}, levels(t, out))
	require.Contains(t, out, "::error file=modules/shop/secrets.tf,line=12,title=SM-001 high%3A Secrets rotate automatically::module.shop.aws_secretsmanager_secret.stripe: automatic rotation is off. Fix: Turn on automatic rotation, with a function that knows the system behind the secret.\n")
	require.Contains(t, out, `::error file=a%2Cline=1%3A%3Ax\n%3A%3Aerror%3A%3Aforged%250A%3A%3Astop-commands%3A%3At.tf,line=3,title=`)
	require.Contains(t, out, "::warning file=legacy/main.tf,line=7,title=SM-001 high%3A Secrets rotate automatically::aws_secretsmanager_secret.ftp[\"prod\"]: automatic rotation is off (before the change too)")
	require.Contains(t, out, "::notice file=legacy/main.tf,line=7,title=SM-007 critical%3A Secrets are not public::aws_secretsmanager_secret.ftp[\"prod\"]: fixed by the change\n")
	require.Regexp(t, `::warning file=stack/template.yaml,line=41,title=SM-002[^\n]+unknown, neither pass nor fail: unresolved in the template: !ImportValue shared-key \(rotation_days\)\n`, out)
	require.Regexp(t, `::notice file=modules/shop/secrets.tf,line=12,title=SM-012 info`, out, "advice does not count")
	require.True(t, strings.HasSuffix(out, "\n::notice title=keyproof%3A fail::4 introduced · 1 existing · 1 fixed · 4 unknown · 1 waived · 2 passing · 1 not applicable\n"))
	first, _, _ := strings.Cut(out, "\n")
	require.Contains(t, first, "SM-007 critical", "worst first")
	require.NotContains(t, out, "known after apply", "nobody can act on it before the change")
}

func TestGitHubKeepsToTheLimits(t *testing.T) {
	var results []*model.Result
	add := func(rule model.RuleID, status model.Status, delta model.Delta, n int) {
		for i := range n {
			results = append(results, judgedAs(written(model.KindSecret, "a.tf", i+1, fmt.Sprintf("aws_secretsmanager_secret.%s_%d", rule, i)), rule, status, delta, "x|off"))
		}
	}
	add("SM-010", model.StatusFail, model.DeltaIntroduced, 12) // low
	add("SM-007", model.StatusFail, model.DeltaIntroduced, 4)  // critical
	add("SM-001", model.StatusFail, model.DeltaExisting, 13)
	add("SM-001", model.StatusUnknown, "", 2)
	add("SM-001", model.StatusPass, model.DeltaFixed, 11)
	r := gateOf(results...)
	out := write(t, "github", r, judged(r, 0, 0))
	require.Equal(t, map[string]int{"error": 10, "warning": 10, "notice": 10}, levels(t, out))
	for i, line := range strings.Split(out, "\n")[:10] {
		rule := []string{"SM-007", "SM-010"}[min(i/4, 1)]
		require.Contains(t, line, fmt.Sprintf("secret.%s_%d:", rule, []int{i, i - 4}[min(i/4, 1)]), "worst first, then in the order of the report")
	}
	// 6 errors, 3 failures and 2 unknown results, 2 fixed ones.
	require.Contains(t, out, ". 13 more annotations are not shown")
	require.NotContains(t, out, "unknown, neither", "failures come before what is unknown")
}

func TestGitHubOfAScan(t *testing.T) {
	r := theReport()
	out := write(t, "github", r, judged(r, 0, 0))
	n := levels(t, out)
	require.Equal(t, 10, n["error"])
	require.Equal(t, 10, n["warning"])
	require.NotContains(t, out, "file=")
	require.Contains(t, out, "::error title=SSM-001 critical%3A Parameters hold no plain credentials::/shop/prod/db_password (111122223333 us-east-1): type String holds")
	require.Contains(t, out, "::notice title=keyproof%3A fail::15 failing · 11 unknown")
	quiet := passing()
	require.Equal(t, "::notice title=keyproof%3A pass::all 16 results pass · 2 not applicable\n", write(t, "github", quiet, judged(quiet, 0, 0)))
	none := nothingFound()
	require.Equal(t, "::notice title=keyproof%3A unknown::nothing was found to judge\n", write(t, "github", none, judged(none, 0, 0)))
}
