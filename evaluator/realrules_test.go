package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/rules"
)

func realJudge(t testing.TB) *Judge {
	t.Helper()
	j, err := New(t.Context(), Options{}, rules.FS())
	require.NoError(t, err)
	return j
}

func TestRealRulesLoad(t *testing.T) {
	for _, r := range realJudge(t).Rules() {
		t.Log(r.ID, r.Kind, r.Reads)
	}
}
