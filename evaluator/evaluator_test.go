package evaluator

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const controls = "id: soc2\ntitle: SOC 2\nversion: \"2017\"\ncontrols:\n  - {id: CC6.1, title: Logical access, coverage: partial, assessor: The rest.}\n"

// ruleText is a rule file with the given id, kind, params and body.
func ruleText(pkg, id, kind, params, body string) string {
	meta := []string{
		"# METADATA", "# title: A title", "# description: A description.", "# scope: package", "# custom:", "#   id: " + id,
		"#   kind: " + kind, "#   severity: high", "#   controls: {soc2: [CC6.1]}",
	}
	if params != "" {
		meta = append(meta, "#   params: "+params)
	}
	meta = append(meta, "#   remediation: {text: Mend it.}")
	return strings.Join(meta, "\n") + "\npackage rules.test." + pkg + "\n\n" + body + "\n"
}

func files(texts ...string) fstest.MapFS {
	f := fstest.MapFS{"controls/soc2.yaml": {Data: []byte(controls)}}
	for i, text := range texts {
		f[fmt.Sprintf("test/r%d.rego", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func judgeOf(t *testing.T, texts ...string) *Judge {
	t.Helper()
	j, err := New(t.Context(), Options{}, files(texts...))
	require.NoError(t, err)
	return j
}

func evaluate(t *testing.T, j *Judge, snap *model.Snapshot) (*model.Report, []*model.Result) {
	t.Helper()
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, spool.Close()) })
	report, err := j.Evaluate(context.Background(), snap, spool)
	require.NoError(t, err)
	return report, resultsOf(t, report)
}

// judged are the results of a snapshot, for tests that judge many.
func judged(t require.TestingT, j *Judge, snap *model.Snapshot) []*model.Result {
	spool, err := model.NewResultSpool("")
	require.NoError(t, err)
	defer func() { require.NoError(t, spool.Close()) }()
	report, err := j.Evaluate(context.Background(), snap, spool)
	require.NoError(t, err)
	return resultsOf(t, report)
}

func resultsOf(t require.TestingT, report *model.Report) []*model.Result {
	var results []*model.Result
	for r, err := range report.Results {
		require.NoError(t, err)
		results = append(results, r)
	}
	return results
}

func secret(name string, fill func(*model.Secret)) *model.Resource {
	s := &model.Secret{Name: model.Known(name)}
	if fill != nil {
		fill(s)
	}
	return &model.Resource{ID: cell(model.KindSecret, "arn:secret:"+name), Name: name, Body: s}
}

func cell(kind model.Kind, id string) model.ResourceID {
	return model.ResourceID{Kind: kind, Account: "111122223333", Region: "eu-west-1", ID: id}
}

func snapshot(scopes []model.Scope, resources ...*model.Resource) *model.Snapshot {
	return &model.Snapshot{Header: model.Header{TakenAt: now, Source: "test", Scopes: scopes}, Resources: model.InMemory(resources)}
}

func listed(kinds ...model.Kind) []model.Scope {
	var s []model.Scope
	for _, k := range kinds {
		s = append(s, model.Scope{Kind: k, Account: "111122223333", Region: "eu-west-1"})
	}
	return s
}

var denied = model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:DescribeSecret"}

func TestThreeValues(t *testing.T) {
	rotation := ruleText("rotation", "T-1", "secret", "", `
not_applicable contains "a replica" if input.resource.is_replica

violation contains {"attribute": "rotation_enabled", "message": "off"} if not input.resource.rotation_enabled

violation contains {"attribute": "rotation_interval_days", "message": sprintf("every %d days", [input.resource.rotation_interval_days])} if {
	input.resource.rotation_interval_days > 90
}`)
	type fill = func(*model.Secret)
	known := func(f fill) fill {
		return func(s *model.Secret) {
			s.IsReplica, s.RotationEnabled, s.RotationIntervalDays = model.Known(false), model.Known(true), model.Known(30)
			f(s)
		}
	}
	for _, c := range []struct {
		name    string
		fill    fill
		want    model.Status
		unknown []string
	}{
		{"all known and good", known(func(*model.Secret) {}), model.StatusPass, nil},
		{"rotation off", known(func(s *model.Secret) { s.RotationEnabled = model.Known(false) }), model.StatusFail, nil},
		{"replica", known(func(s *model.Secret) { s.IsReplica = model.Known(true) }), model.StatusNotApplicable, nil},
		{"interval absent", known(func(s *model.Secret) { s.RotationIntervalDays = model.None[int]() }), model.StatusPass, nil},
		{"interval unknown", known(func(s *model.Secret) { s.RotationIntervalDays = model.Missing[int](denied) }), model.StatusUnknown, []string{"resource.rotation_interval_days"}},
		{
			"interval unknown, but rotation off: fails whatever it is",
			known(func(s *model.Secret) {
				s.RotationIntervalDays, s.RotationEnabled = model.Missing[int](denied), model.Known(false)
			}), model.StatusFail, nil,
		},
		{"flag unknown", known(func(s *model.Secret) { s.RotationEnabled = model.Missing[bool](denied) }), model.StatusUnknown, []string{"resource.rotation_enabled"}},
		{
			"applicability unknown: not even a sure violation fails",
			known(func(s *model.Secret) {
				s.IsReplica, s.RotationEnabled = model.Missing[bool](denied), model.Known(false)
			}), model.StatusUnknown, []string{"resource.is_replica"},
		},
		{"nothing collected", func(*model.Secret) {}, model.StatusUnknown, []string{"resource.is_replica", "resource.rotation_enabled", "resource.rotation_interval_days"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, results := evaluate(t, judgeOf(t, rotation), snapshot(nil, secret("a", c.fill)))
			require.Len(t, results, 1)
			require.Equal(t, c.want, results[0].Status, "%+v", results[0])
			require.Equal(t, c.unknown, emptyNil(sortedKeys(results[0].Unknown)))
			require.Equal(t, c.want == model.StatusFail, len(results[0].Findings) > 0)
			require.Equal(t, c.want == model.StatusNotApplicable, len(results[0].NotApplicable) > 0)
		})
	}
}

func emptyNil(s []string) []string {
	if len(s) == 0 {
		return nil
	}
	return s
}
