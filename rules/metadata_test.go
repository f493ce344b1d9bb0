package rules_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// TestMetadata: the rules load (ids, kinds, severities, controls, types of all
// that they read), and what they say of themselves is fit to be printed.
func TestMetadata(t *testing.T) {
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	all := judge.Rules()
	assert.GreaterOrEqual(t, len(all), 54)
	id := regexp.MustCompile(`^(SM|SSM|KMS|CT|ACC|LAM|RDS|IAM|EVT)-\d{3}$`)
	for _, r := range all {
		assert.Regexp(t, id, string(r.ID))
		assert.Regexp(t, `^[A-Z].*[^.]$`, r.Title, r.ID)
		assert.Regexp(t, `(?s)^[A-Z].*\.$`, r.Description, r.ID)
		assert.Regexp(t, `(?s)^[A-Z].*\.$`, r.Remediation.Text, r.ID)
		assert.NotContains(t, r.Remediation.Command, "\n", r.ID)
		for _, p := range placeholder.FindAllString(r.Remediation.Command, -1) {
			assert.Contains(t, []string{"{id}", "{name}", "{region}", "{account}"}, p, r.ID)
		}
	}
}

// TestAttributes: a violation names an attribute that its kind has.
func TestAttributes(t *testing.T) {
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	kinds := map[string]model.Kind{}
	for _, r := range judge.Rules() {
		kinds["data."+r.Package] = r.Kind
	}
	for file, m := range parse(t) {
		kind, ok := kinds[m.Package.Path.String()]
		if !ok {
			continue
		}
		have := map[string]bool{}
		for _, f := range model.Fields(kind) {
			have[f.Name] = true
		}
		for _, r := range m.Rules {
			if r.Head.Name != "violation" {
				continue
			}
			object, ok := r.Head.Key.Value.(ast.Object)
			require.True(t, ok, "%s: write the object in the head of the violation", file)
			attribute := object.Get(ast.StringTerm("attribute"))
			require.NotNil(t, attribute, file)
			name, _ := attribute.Value.(ast.String)
			assert.Contains(t, slices.Sorted(maps.Keys(have)), string(name), file)
		}
	}
}

// TestControls: each framework lists a control once.
func TestControls(t *testing.T) {
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	var ids []string
	for _, f := range judge.Frameworks() {
		ids = append(ids, f.ID)
		seen := map[string]bool{}
		for _, c := range f.Controls {
			assert.False(t, seen[c.ID], "%s lists %s twice", f.ID, c.ID)
			seen[c.ID] = true
			assert.NotEmpty(t, c.Title, c.ID)
		}
	}
	assert.ElementsMatch(t, []string{"hipaa", "soc2", "pci_dss"}, ids)
}
