package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// TestOutsiders: an account that is outside for certain makes rules fail, whatever
// nobody could say of another one; without it that other one leaves them unknown.
func TestOutsiders(t *testing.T) {
	const stranger, unsure = "999999999999", "555555555555"
	hidden := model.Missing[[]string](denied)
	both := model.Known([]model.Outsider{{Account: unsure}, {Account: stranger, Certain: true}})
	for _, c := range []struct {
		name    string
		list    model.Value[[]string]
		of      model.Value[[]model.Outsider]
		trusted string
		want    model.Status
	}{
		{"one certain, one not", hidden, both, "", model.StatusFail},
		{"the certain one is trusted", hidden, both, stranger, model.StatusUnknown},
		{"none certain", hidden, model.Known([]model.Outsider{{Account: unsure}}), "", model.StatusUnknown},
		{"a principal of no account", hidden, model.Known([]model.Outsider{}), "", model.StatusUnknown},
		{"nothing known", hidden, model.Missing[[]model.Outsider](denied), "", model.StatusUnknown},
		{"all certain", model.Known([]string{stranger}), model.Known([]model.Outsider{{Account: stranger, Certain: true}}), "", model.StatusFail},
		{"nobody", model.Known([]string{}), model.Known([]model.Outsider{}), "", model.StatusPass},
	} {
		params := map[model.RuleID]map[string]string{}
		ids := []model.RuleID{"SM-010", "KMS-004", "KMS-006"}
		for _, id := range ids {
			params[id] = map[string]string{"trusted_accounts": c.trusted}
		}
		j, err := New(t.Context(), Options{Only: ids, Params: params}, rules.FS())
		require.NoError(t, err)
		facts := model.PolicyFacts{OutsideAccounts: c.list, Outsiders: c.of, Networks: model.Known([]string{})}
		key := &model.Key{Manager: model.Known("CUSTOMER"), PolicyFacts: facts, GrantOutside: c.list, GrantOutsiders: c.of}
		snap := snapshot(listed(model.KindKey, model.KindSecret),
			&model.Resource{ID: cell(model.KindKey, "arn:key"), Name: "key", Body: key},
			secret("s", func(s *model.Secret) {
				s.IsReplica, s.DeletionScheduled, s.PolicyFacts = model.Known(false), model.Known(false), facts
			}))
		_, results := evaluate(t, j, snap)
		require.Len(t, results, len(ids))
		for _, r := range results {
			require.Equal(t, c.want, r.Status, "%s: %s %v", c.name, r.Rule, r.Unknown)
			if c.want != model.StatusFail {
				continue
			}
			require.Len(t, r.Findings, 1, "said once")
			if c.list.State() == model.StateUnknown {
				require.Contains(t, r.Findings[0].Message, "; whether "+unsure+" is outside too, nobody could say")
			}
		}
	}
}
