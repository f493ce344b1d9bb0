package evaluator

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// TestOutlines proves that the index made from outlines, without the bodies of
// most resources, gives the results that whole resources give, also where a
// reader set no reference and the body has to say it.
func TestOutlines(t *testing.T) {
	j, err := New(t.Context(), Options{}, rules.FS())
	require.NoError(t, err)
	c := newCompany(600)
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, spool.Close()) })
	for i, r := range c.resources {
		if i%5 == 0 {
			r.Refs = nil
		}
		require.NoError(t, spool.Append(r))
	}
	slices.SortFunc(c.resources, func(a, b *model.Resource) int { return a.ID.Compare(b.ID) })
	whole := c.snapshot()
	quick := &model.Snapshot{Header: whole.Header, Resources: spool.Resources(), Outlines: spool.Outlines}
	_, want := evaluate(t, j, whole)
	_, got := evaluate(t, j, quick)
	require.Equal(t, want, got)

	bodies := 0
	for r, err := range spool.Outlines(func(id model.ResourceID) bool { return id.Kind == model.KindKey }) {
		require.NoError(t, err)
		if r.ID.Kind != model.KindKey {
			require.Nil(t, r.Body)
			continue
		}
		bodies++
	}
	require.Positive(t, bodies)
}
