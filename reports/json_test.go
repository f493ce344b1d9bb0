package reports_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(reports.Schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("report.schema.json", doc))
	s, err := c.Compile("report.schema.json")
	require.NoError(t, err)
	return s
}

func validate(s *jsonschema.Schema, raw string) error {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	s := compileSchema(t)
	bare := &model.Report{Results: seq([]*model.Result{{Rule: "X-1", Status: model.StatusPass, Resource: model.ResourceID{Kind: model.KindKey}}}),
		Rules:   []model.Rule{{ID: "X-1", Kind: model.KindKey, Severity: model.SeverityInfo}},
		Summary: model.Summary{Unknowns: []model.UnknownCount{{Unknown: model.Unknown{Reason: model.ReasonFailed}}}}}
	for _, r := range []*model.Report{theReport(), passing(), nothingFound(), plan(), gate(), newReport(nil, nil), bare, eventful()} {
		require.NoError(t, validate(s, write(t, "json", r, judged(r, 0, 0))))
	}
}

func TestSchemaRefusesWhatIsNotAReport(t *testing.T) {
	s := compileSchema(t)
	good := write(t, "json", theReport(), judged(theReport(), 0, 0))
	for what, change := range map[string][2]string{
		"another version":    {`"keyproof.report/v1"`, `"keyproof.report/v2"`},
		"an unknown member":  {`"tool":`, `"extra":1,"tool":`},
		"an unknown status":  {`"status":"fail"`, `"status":"failed"`},
		"a local time":       {`09:26:53Z`, `09:26:53+01:00`},
		"another exit code":  {`"exit_code":3`, `"exit_code":5`},
		"no reason":          {`{"reason":"access_denied",`, `{`},
		"an unknown kind":    {`{"kind":"secret"`, `{"kind":"bucket"`},
		"an extra in a rule": {`"package":`, `"secret_value":"x","package":`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, bad, what)
		require.Error(t, validate(s, bad), what)
	}
}

// document is a json report as a program in Go would read it.
type document struct {
	Schema string
	Header model.Header
	Scopes []model.Scope
	Rules  []struct {
		model.Rule
		Counts model.Counts
	}
	Summary struct {
		model.Summary
		Results model.Counts
	}
	Verdict struct {
		Status      string
		ExitCode    int    `json:"exit_code"`
		MinSeverity string `json:"min_severity"`
	}
	Frameworks []struct {
		model.Framework
		Status   model.Status
		Controls []struct {
			model.Control
			Status model.Status
			Counts model.Counts
			Rules  []model.RuleID
		} `json:"controls"`
	}
	Results []*model.Result
}

func TestJSONReadBackIsTheReport(t *testing.T) {
	r := theReport()
	var d document
	require.NoError(t, json.Unmarshal([]byte(write(t, "json", r, judged(r, 0, 0))), &d))

	require.Equal(t, reports.JSONVersion, d.Schema)
	require.Equal(t, theResults(), d.Results, "hostile names included, character by character")
	require.Equal(t, theScopes(), d.Scopes)
	require.Equal(t, r.Summary, d.Summary.Summary)
	require.Equal(t, r.Total(), d.Summary.Results)
	require.True(t, r.TakenAt.Equal(d.Header.TakenAt))
	require.Equal(t, time.UTC, d.Header.TakenAt.Location())
	require.Equal(t, "fail 3 low", strings.Join([]string{d.Verdict.Status, "3", d.Verdict.MinSeverity}, " "))
	require.Equal(t, 3, d.Verdict.ExitCode)

	require.Len(t, d.Rules, len(r.Rules))
	for i, rule := range d.Rules {
		want := r.Rules[i]
		require.Equal(t, r.Summary.ByRule[want.ID], rule.Counts)
		if p, ok := want.Params["max_days"]; ok { // JSON has one kind of number
			require.EqualValues(t, p.Value, rule.Params["max_days"].Value)
			require.Equal(t, p.Why, rule.Params["max_days"].Why)
			want.Params, rule.Params = nil, nil
		}
		require.Equal(t, want, rule.Rule)
	}

	require.Len(t, d.Frameworks, 3)
	for _, f := range d.Frameworks {
		for _, c := range f.Controls {
			require.Equal(t, r.ByControl(f.ID, c.ID), c.Counts)
			require.Equal(t, c.Counts.Status(), c.Status)
			for _, id := range c.Rules {
				require.Contains(t, r.Rule(id).Controls[f.ID], c.ID)
			}
		}
	}
	require.Equal(t, []model.RuleID{"SM-010"}, d.Frameworks[0].Controls[0].Rules)
}

func TestJSONTakesTheVerdictFromTheOptions(t *testing.T) {
	var d document
	out := write(t, "json", theReport(), reports.Options{Verdict: model.VerdictPass, Policy: model.VerdictPolicy{MinSeverity: model.SeverityCritical}})
	require.NoError(t, json.Unmarshal([]byte(out), &d))
	require.Equal(t, "pass", d.Verdict.Status)
	require.Equal(t, 0, d.Verdict.ExitCode)
	require.Equal(t, "critical", d.Verdict.MinSeverity)
}

func TestJSONIsHarmlessOnATerminal(t *testing.T) {
	out := write(t, "json", theReport(), reports.Options{})
	require.Equal(t, -1, strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }))
	require.Contains(t, out, `"name":"prod/\u202eyek-terces\u202c/\u2066x\u2069"`)
	require.Contains(t, out, hostileCJK, "letters stay letters")
	require.NotContains(t, out, `\u003c`, "no escapes that only a web page needs")
}

func TestJSONHasAResultALine(t *testing.T) {
	out := write(t, "json", theReport(), reports.Options{})
	n := 0
	for line := range strings.SplitSeq(out, "\n") {
		if strings.HasPrefix(line, `    {"rule":`) {
			n++
		}
	}
	require.Equal(t, len(theResults()), n)
}
