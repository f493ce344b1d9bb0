package main

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// parity compares two forms of the same service: what one source knows of a
// resource, and what another does. What only one of them knows is no difference.
type parity struct {
	left, right *model.Snapshot
	// pair is the resource of right that one of left is; nil when there is none.
	pair func(*model.Resource) *model.Resource
	// alone are resources of left that right does not have, by kind and name, with
	// the reason.
	alone map[string]string
	// attributes and verdicts are what differs and may, by kind and attribute
	// ("key.aliases") and by rule, of all resources or of one ("SM-001 a/b"), with
	// the reason.
	attributes, verdicts map[string]string
	// unknowns are rules that know an answer on one side only, with the reason. Nil
	// where one side knows much more than the other by nature.
	unknowns map[string]string
}

// parityCount is how much was compared.
type parityCount struct{ resources, attributes, verdicts int }

// compare fails the test for every difference without a reason, and for every
// reason without a difference.
func (p *parity) compare(t *testing.T) (n parityCount) {
	t.Helper()
	used := map[string]bool{}
	pairs := map[model.ResourceID]*model.Resource{}
	for l, err := range p.left.Resources {
		require.NoError(t, err)
		r := p.pair(l)
		name := string(l.ID.Kind) + " " + l.Name
		if r == nil {
			if assert.Contains(t, p.alone, name, "the other side does not have %s", l.ID) {
				used[name] = true
			}
			continue
		}
		pairs[l.ID] = r
		n.resources++
		n.attributes += p.compareAttributes(t, l, r, used)
	}
	left, right := judgeSnapshot(t, p.left), judgeSnapshot(t, p.right)
	for _, at := range slices.SortedFunc(maps.Keys(left), func(a, b verdictAt) int { return a.id.Compare(b.id) }) {
		r := pairs[at.id]
		if r == nil {
			continue
		}
		here, there := left[at], right[verdictAt{at.rule, r.ID}]
		if here == model.StatusUnknown || there == model.StatusUnknown || there == "" {
			if p.unknowns != nil && here != there {
				explain(t, p.unknowns, string(at.rule), r.Name, used, "%s of %s: %s and %s", at.rule, at.id, here, there)
			}
			continue
		}
		n.verdicts++
		if here != there {
			explain(t, p.verdicts, string(at.rule), r.Name, used, "%s of %s: %s and %s", at.rule, at.id, here, there)
		}
	}
	for _, table := range []map[string]string{p.alone, p.attributes, p.verdicts, p.unknowns} {
		for key := range table {
			assert.True(t, used[key], "%s does not differ: take it off the table", key)
		}
	}
	return n
}

func (p *parity) compareAttributes(t *testing.T, l, r *model.Resource, used map[string]bool) (n int) {
	t.Helper()
	right := map[string]model.Attribute{}
	for name, a := range r.Attributes() {
		right[name] = a
	}
	for name, a := range l.Attributes() {
		b := right[name]
		if a.State() == model.StateUnknown || b.State() == model.StateUnknown {
			continue
		}
		n++
		here, there := attributeText(t, a), attributeText(t, b)
		if here == there {
			continue
		}
		what := fmt.Sprintf("%s.%s", l.ID.Kind, name)
		explain(t, p.attributes, what, l.Name, used, "%s of %s: %s and %s", what, l.ID, here, there)
	}
	return n
}

// explain wants a reason for a difference, of one resource or of all.
func explain(t *testing.T, table map[string]string, what, name string, used map[string]bool, format string, args ...any) {
	t.Helper()
	for _, key := range []string{what + " " + name, what} {
		if table[key] != "" {
			used[key] = true
			return
		}
	}
	t.Errorf("no reason is given for "+format, args...)
}

func attributeText(t *testing.T, a model.Attribute) string {
	t.Helper()
	raw, err := a.MarshalJSON()
	require.NoError(t, err)
	return string(raw)
}

type verdictAt struct {
	rule model.RuleID
	id   model.ResourceID
}

// judgeSnapshot is what our rules say of each resource.
func judgeSnapshot(t *testing.T, snap *model.Snapshot) map[verdictAt]model.Status {
	t.Helper()
	judge, err := evaluator.New(t.Context(), evaluator.Options{}, rules.FS())
	require.NoError(t, err)
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	defer spool.Close()
	report, err := judge.Evaluate(t.Context(), snap, spool)
	require.NoError(t, err)
	all := map[verdictAt]model.Status{}
	for r, err := range report.Results {
		require.NoError(t, err)
		if !r.Gap {
			all[verdictAt{r.Rule, r.Resource}] = r.Status
		}
	}
	return all
}

// byName pairs resources by kind and name, and by region where both sides say it.
func byName(t *testing.T, right *model.Snapshot) func(*model.Resource) *model.Resource {
	t.Helper()
	all := map[string][]*model.Resource{}
	for r, err := range right.Resources {
		require.NoError(t, err)
		name := r.Name
		if name == "" { // moto's list of policies has no names
			name = path.Base(r.ID.ID)
		}
		key := string(r.ID.Kind) + " " + name
		all[key] = append(all[key], r)
	}
	return func(l *model.Resource) *model.Resource {
		for _, r := range all[string(l.ID.Kind)+" "+l.Name] {
			if l.ID.Region == "" || r.ID.Region == "" || l.ID.Region == r.ID.Region {
				return r
			}
		}
		return nil
	}
}
