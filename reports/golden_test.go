package reports_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	flag.Parse()
	// Goldens must not depend on the developer's locale: in an East Asian one
	// go-pretty counts "…" and "·" as two columns.
	text.OverrideRuneWidthEastAsianWidth(false)
	os.Exit(m.Run())
}

// write renders a report and fails the test on an error.
func write(t testing.TB, format string, r *model.Report, o reports.Options) string {
	t.Helper()
	f, err := reports.Find(format)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, f.Write(&out, r, o))
	return out.String()
}

// judged are options with the verdict that the report has.
func judged(r *model.Report, width, limit int) reports.Options {
	return reports.Options{Width: width, Limit: limit, Verdict: r.Verdict(model.VerdictPolicy{})}
}

// passing is a report in which all is well.
func passing() *model.Report {
	var good []*model.Result
	for _, res := range theResults() {
		if res.Status == model.StatusPass || res.Status == model.StatusNotApplicable {
			good = append(good, res)
		}
	}
	r := newReport(theRules(), good)
	r.Frameworks = theFrameworks()
	r.Scopes = []model.Scope{{Kind: model.KindSecret, Account: shop, Region: "us-east-1", Count: 9}}
	return r
}

// nothingFound is a live account without anything to judge.
func nothingFound() *model.Report {
	r := newReport(theRules(), nil)
	r.Frameworks = theFrameworks()
	r.Scopes = []model.Scope{{Kind: model.KindSecret, Account: shop, Region: "eu-north-1"}}
	return r
}

// plan is a report of a Terraform plan: no account, places in files.
func plan() *model.Report {
	id := model.ResourceID{Kind: model.KindSecret, ID: "module.shop.aws_secretsmanager_secret.stripe"}
	at := &model.Origin{File: "modules/shop/secrets.tf", Line: 12, Address: id.ID}
	r := newReport(theRules(), []*model.Result{
		{Rule: "SM-001", Resource: id, Name: "stripe", Origin: at, Status: model.StatusFail, Findings: []model.Finding{{Message: "automatic rotation is off"}}},
		{Rule: "SM-002", Resource: id, Name: "stripe", Origin: at, Status: model.StatusUnknown, Unknown: map[string]model.Unknown{
			"resource.last_rotated_days_ago": {Reason: model.ReasonNotInSource, Detail: "a plan does not know past rotations"},
			"resource.kms_key":               {Reason: model.ReasonAfterApply}}},
	})
	r.Source = "plan.json"
	return r
}

func TestGoldens(t *testing.T) {
	full := theReport()
	color := judged(full, 100, 20)
	color.Color = true
	empty := nothingFound()
	noRules := newReport(nil, nil)
	for name, c := range map[string]struct {
		format string
		report *model.Report
		o      reports.Options
	}{
		"text-60.golden":       {"text", full, judged(full, 60, 20)},
		"text-100.golden":      {"text", full, judged(full, 100, 20)},
		"text-160.golden":      {"text", full, judged(full, 160, 20)},
		"text-limit-2.golden":  {"text", full, judged(full, 0, 2)},
		"text-color.golden":    {"text", full, color},
		"text-pass.golden":     {"text", passing(), judged(passing(), 100, 20)},
		"text-empty.golden":    {"text", empty, judged(empty, 100, 20)},
		"text-no-rules.golden": {"text", noRules, judged(noRules, 100, 20)},
		"text-plan.golden":     {"text", plan(), judged(plan(), 100, 20)},
		"text-gate.golden":     {"text", gate(), judged(gate(), 100, 20)},
		"text-gate-60.golden":  {"text", gate(), judged(gate(), 60, 20)},
		"report.golden.json":   {"json", full, judged(full, 0, 0)},
		"gate.golden.json":     {"json", gate(), judged(gate(), 0, 0)},
		"report.golden.sarif":  {"sarif", accepted(t), judged(accepted(t), 0, 0)},
		"gate.golden.sarif":    {"sarif", gate(), judged(gate(), 0, 0)},
		"report.golden.xml":    {"junit", accepted(t), judged(accepted(t), 0, 0)},
		"gate.golden.xml":      {"junit", gate(), judged(gate(), 0, 0)},
		"report.golden.html":   {"html", accepted(t), judged(accepted(t), 0, 0)},
		"gate.golden.html":     {"html", gate(), judged(gate(), 0, 0)},
		"report.golden.csv":    {"csv", accepted(t), judged(accepted(t), 0, 0)},
		"report.golden.ocsf":   {"ocsf", accepted(t), judged(accepted(t), 0, 0)},
		"report.golden.oscal":  {"oscal", accepted(t), judged(accepted(t), 0, 0)},
		"report.golden.asff":   {"asff", accepted(t), judged(accepted(t), 0, 0)},
		"github.golden":        {"github", full, judged(full, 0, 0)},
		"github-gate.golden":   {"github", gate(), judged(gate(), 0, 0)},
		"report.golden.md":     {"markdown", accepted(t), judged(accepted(t), 0, 0)},
		"gate.golden.md":       {"markdown", gate(), judged(gate(), 0, 0)},
		"pass.golden.md":       {"markdown", passing(), judged(passing(), 0, 0)},
		"text-events.golden":   {"text", eventful(), judged(eventful(), 100, 20)},
		"events.golden.json":   {"json", eventful(), judged(eventful(), 0, 0)},
		"events.golden.md":     {"markdown", eventful(), judged(eventful(), 0, 0)},
		"events.golden.ocsf":   {"ocsf", eventful(), judged(eventful(), 0, 0)},
		"empty.golden.json":    {"json", noRules, judged(noRules, 0, 0)},
	} {
		t.Run(strings.TrimSuffix(name, ".golden"), func(t *testing.T) {
			path := filepath.Join("testdata", name)
			got := write(t, c.format, c.report, c.o)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "run go test -update once")
			require.Equal(t, string(want), got, "if this is meant, run go test -update and read the difference")
		})
	}
}
