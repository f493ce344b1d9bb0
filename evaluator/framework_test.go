package evaluator

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const catalogue = `id: soc2
title: SOC 2
version: "2017"
controls:
  - id: CC6.1
    title: Logical access
    coverage: automated
    mappings:
      - {topic: ROTATION, tier: B, sources: [somebody]}
      - {topic: TAGS, tier: ours, why: we say so}
  - {id: CC6.2, title: Credentials, coverage: automated}
  - {id: CC6.3, title: Roles, coverage: partial, assessor: Reviews.}
outside:
  - {id: PI1.2, title: Inputs, why: about inputs}
`

func withCatalogue(text string, rules ...string) fstest.MapFS {
	f := files(rules...)
	f["controls/soc2.yaml"] = &fstest.MapFile{Data: []byte(text)}
	return f
}

func TestBadControlsAreRefused(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"no coverage", ", coverage: partial, assessor: Reviews.", "", `control "CC6.3": coverage ""`},
		{"unknown coverage", "coverage: partial", "coverage: most", `coverage "most": use automated, partial or manual`},
		{"partial without assessor", ", assessor: Reviews.", "", "say in `assessor`"},
		{"manual without assessor", "partial, assessor: Reviews.", "manual", "say in `assessor`"},
		{"no title", "title: Roles, ", "", "id and title are needed"},
		{"twice", "id: CC6.3", "id: CC6.2", `control "CC6.2": it is listed twice`},
		{"unknown tier", "tier: B", "tier: D", `mapping ROTATION: tier "D"`},
		{"no source", "tier: B, sources: [somebody]", "tier: B", "needs `sources`"},
		{"no reason", "tier: ours, why: we say so", "tier: ours", "needs `why`"},
		{"topic twice", "{topic: TAGS, tier: ours, why: we say so}", "{topic: ROTATION, tier: B, sources: [x]}", "a topic is named once"},
		{"no topic", "topic: TAGS, ", "", "a topic is named once"},
		{"misspelt member", "assessor: Reviews.", "asessor: Reviews.", "asessor"},
		{"outside without reason", ", why: about inputs", "", `"PI1.2" needs id, title and why`},
		{"outside and inside", "id: PI1.2", "id: CC6.1", `outside: "CC6.1"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, catalogue, c.old)
			_, err := New(t.Context(), Options{}, withCatalogue(strings.Replace(catalogue, c.old, c.new, 1), ruleText("r", "T-1", "secret", "", off)))
			require.ErrorContains(t, err, "controls/soc2.yaml")
			require.ErrorContains(t, err, c.want)
		})
	}
}

func topical(id, topics string) string {
	return strings.Replace(ruleText(strings.ToLower(strings.ReplaceAll(id, "-", "")), id, "secret", "", off), "#   severity", "#   topics: "+topics+"\n#   severity", 1)
}

func TestProposed(t *testing.T) {
	j, err := New(t.Context(), Options{}, withCatalogue(catalogue, topical("T-1", "[ROTATION]"), topical("T-2", "[TAGS]"), topical("T-3", "[TAGS, ROTATION]"), topical("T-4", "[]")))
	require.NoError(t, err)
	proposed := map[string][]string{"soc2": {"CC6.1"}}
	for i, want := range []map[string][]string{nil, proposed, nil, proposed} {
		require.Equal(t, want, j.Rules()[i].Proposed, "T-%d", i+1)
	}
	_, err = New(t.Context(), Options{}, withCatalogue(catalogue, topical("T-1", "[ROTATON]")))
	require.ErrorContains(t, err, `test/r0.rego:12: topic "ROTATON" does not exist; controls/ has ROTATION, TAGS`)
}

// A control that no rule of this judge is evidence for is nobody's but the
// assessor's, and the catalogue itself does not change by that.
func TestCoverageIsOfTheseRules(t *testing.T) {
	source := withCatalogue(catalogue, topical("T-1", "[ROTATION]"))
	j, err := New(t.Context(), Options{}, source)
	require.NoError(t, err)
	c := j.Frameworks()[0].Controls
	require.Equal(t, model.CoverageAutomated, c[0].Coverage)
	require.Empty(t, c[0].Assessor)
	require.Equal(t, model.CoverageManual, c[1].Coverage)
	require.NotEmpty(t, c[1].Assessor)
	require.Equal(t, model.CoverageManual, c[2].Coverage)
	require.Equal(t, "Reviews.", c[2].Assessor)
	require.Equal(t, "PI1.2", j.Frameworks()[0].Outside[0].ID)
}
