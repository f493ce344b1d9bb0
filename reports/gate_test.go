package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

func TestGateTextSaysWhatTheChangeBreaks(t *testing.T) {
	out := write(t, "text", gate(), judged(gate(), 120, 20))
	require.Contains(t, out, "FAIL  4 introduced · 1 existing · 1 fixed · 4 unknown · 1 waived · 2 passing · 1 not applicable\n")
	require.Contains(t, out, "  modules/shop/secrets.tf:12  module.shop.aws_secretsmanager_secret.stripe\n    automatic rotation is off\n")
	require.Contains(t, out, "SOC 2 CC6.1 (proposed)")
	require.Contains(t, out, "         rotation_lambda_arn = aws_lambda_function.rotate.arn\n", "the fix is in the language of the file")
	require.Contains(t, out, "         Type: AWS::SecretsManager::RotationSchedule\n", "and in the language of the other file")
	require.NotContains(t, out, "aws secretsmanager", "a change is not mended by a command")
	require.Less(t, strings.Index(out, "Introduced by the change"), strings.Index(out, "Existing: these fail"))
	require.Contains(t, out, `aws_secretsmanager_secret.ftp["prod"] (legacy/main.tf:7)`)
	require.Contains(t, out, "To be proven after apply: 4 results are unknown, neither pass nor fail")
	require.Contains(t, out, "  known after apply: 2 results\n    KMS-001 1 (rotation_period_days) · SM-002 1 (kms_key)\n")
	require.Contains(t, out, "unresolved in the template: 1 result\n    SM-002 1 (rotation_days: !ImportValue shared-key)\n")
	require.Contains(t, out, "exit code 3: something that counts against the change fails\n")
}

// TestGateNeverHidesAFailure: only what says that it was there before is
// existing, and only what passes is fixed.
func TestGateNeverHidesAFailure(t *testing.T) {
	at := written(model.KindSecret, "a.tf", 1, "aws_secretsmanager_secret.a")
	for _, c := range []struct {
		status model.Status
		delta  model.Delta
		want   string
	}{
		{model.StatusFail, "", "1 introduced"},
		{model.StatusFail, model.DeltaIntroduced, "1 introduced"},
		{model.StatusFail, model.DeltaFixed, "1 introduced"},
		{model.StatusFail, "a delta of tomorrow", "1 introduced"},
		{model.StatusFail, model.DeltaExisting, "nothing introduced · 1 existing"},
		{model.StatusUnknown, model.DeltaFixed, "nothing introduced · 1 unknown"},
		{"a status of tomorrow", model.DeltaFixed, "nothing introduced · 1 unknown"},
		{model.StatusWaived, model.DeltaFixed, "nothing introduced · 1 waived"},
		{model.StatusPass, model.DeltaFixed, "nothing introduced · 1 fixed"},
		{model.StatusNotApplicable, model.DeltaFixed, "nothing introduced · 1 fixed"},
		{model.StatusPass, "", "nothing introduced · 1 passing"},
		{model.StatusPass, model.DeltaIntroduced, "nothing introduced · 1 passing"},
	} {
		r := gateOf(judgedAs(at, "SM-001", c.status, c.delta))
		require.Contains(t, write(t, "text", r, judged(r, 100, 20)), "  "+c.want+"\n", "%s %s", c.status, c.delta)
	}
}

func TestGateSaysTheVerdictThatItIsGiven(t *testing.T) {
	for v, want := range map[model.Verdict]string{
		model.VerdictPass:    "exit code 0: nothing that counts against the change fails or is unknown\n",
		model.VerdictFail:    "exit code 3: something that counts against the change fails\n",
		model.VerdictUnknown: "exit code 4: nothing that counts against the change fails, but something is unknown\n",
	} {
		require.Contains(t, write(t, "text", gate(), reports.Options{Verdict: v}), want)
	}
	empty := gateOf()
	require.Contains(t, write(t, "text", empty, reports.Options{}), "UNKNOWN  nothing was found to judge\n")
}

func TestGateLimit(t *testing.T) {
	var results []*model.Result
	for i := range 30 {
		results = append(results, judgedAs(written(model.KindSecret, "a.tf", i+1, fmt.Sprint("aws_secretsmanager_secret.s", i)), "SM-001", model.StatusFail, "", "x|off"))
	}
	r := gateOf(results...)
	require.Contains(t, write(t, "text", r, judged(r, 100, 4)), "and 26 more, all in the json report\n")
	require.NotContains(t, write(t, "text", r, judged(r, 100, 0)), "more")
}

func TestTextSaysTheCoverage(t *testing.T) {
	r := theReport()
	controls := r.Frameworks[0].Controls
	controls[0].Coverage, controls[1].Coverage, controls[2].Coverage = model.CoverageAutomated, model.CoverageManual, ""
	for _, width := range []int{100, 200} {
		flat := strings.Join(strings.Fields(write(t, "text", r, judged(r, width, 0))), " ")
		require.Contains(t, flat, "HIPAA Security Rule 1 automated, 4 partial, 1 manual, 1 not stated · SOC 2 8 partial · PCI DSS 10 partial")
	}
	r.Frameworks = nil
	require.NotContains(t, write(t, "text", r, judged(r, 100, 0)), "coverage")
}

func TestAgainstAScan(t *testing.T) {
	r := gate()
	o := judged(r, 0, 0)
	for _, format := range []string{"text", "markdown"} {
		require.NotContains(t, write(t, format, r, o), "open failures")
		o := o
		o.Against = "this change fixes 3 of the 14 open failures of last.ndjson.zst"
		require.Contains(t, write(t, format, r, o), "fixes 3 of the 14 open failures", format)
	}
}

// What the policy of a gate ignores is counted and not listed.
func TestIgnoredUnknowns(t *testing.T) {
	r := gate()
	o := judged(r, 0, 0)
	for _, format := range []string{"text", "markdown"} {
		require.Regexp(t, `known after apply\W+2 results`, write(t, format, r, o), format)
		o := o
		o.Gate = &model.GatePolicy{Unknown: map[model.Reason]model.UnknownPolicy{model.ReasonAfterApply: {Action: model.UnknownIgnored}}}
		out := write(t, format, r, o)
		require.NotRegexp(t, `known after apply\W+2 results`, out, format) // one has another reason too
		require.Regexp(t, `\d+ unknown results? (is|are) not listed`, out, format)
	}
}
