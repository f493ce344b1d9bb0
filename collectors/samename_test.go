package collectors

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// named emits secrets, each a name with the region of its primary if it has one.
func named(secrets ...[2]string) []Collector {
	return []Collector{fake{"secretsmanager", func(_ context.Context, c *Cell) error {
		for _, s := range secrets {
			body := &model.Secret{Name: model.Known(s[0]), PrimaryRegion: model.None[string](), DeletionScheduled: model.Known(s[1] == "deleted")}
			if s[1] != "" && s[1] != "deleted" {
				body.PrimaryRegion = model.Known(s[1])
			}
			if err := c.Emit(&model.Resource{ID: c.ID(model.KindSecret, c.Region+"/"+s[0]), Name: s[0], Body: body}); err != nil {
				return err
			}
		}
		c.Listed(model.KindSecret)
		return nil
	}}}
}

func inAccount(account string, c CellPlan) CellPlan {
	c.Cell.Account = account
	return c
}

func TestSameNames(t *testing.T) {
	none := model.Known([]string{})
	refused := model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:ListSecrets"}
	for _, c := range []struct {
		name  string
		cells []CellPlan
		want  map[string]model.Value[[]string] // by "region/name"
	}{
		{"one here, one there", []CellPlan{cellPlan("a-1", named([2]string{"x"}, [2]string{"y"})), cellPlan("b-1", named([2]string{"x"}))},
			map[string]model.Value[[]string]{"a-1/x": model.Known([]string{"b-1"}), "b-1/x": model.Known([]string{"a-1"}), "a-1/y": none}},
		{"in three regions, in order", []CellPlan{cellPlan("c-1", named([2]string{"x"})), cellPlan("b-1", named([2]string{"x"})), cellPlan("a-1", named([2]string{"x"}))},
			map[string]model.Value[[]string]{"a-1/x": model.Known([]string{"b-1", "c-1"}), "b-1/x": model.Known([]string{"a-1", "c-1"}), "c-1/x": model.Known([]string{"a-1", "b-1"})}},
		{"a primary and its replica", []CellPlan{cellPlan("a-1", named([2]string{"x", "a-1"})), cellPlan("b-1", named([2]string{"x", "a-1"}))},
			map[string]model.Value[[]string]{"a-1/x": none, "b-1/x": none}},
		{"replicas of a primary that was not scanned", []CellPlan{cellPlan("a-1", named([2]string{"x", "z-1"})), cellPlan("b-1", named([2]string{"x", "z-1"}))},
			map[string]model.Value[[]string]{"a-1/x": none, "b-1/x": none}},
		{"a replica that was promoted", []CellPlan{cellPlan("a-1", named([2]string{"x", "a-1"})), cellPlan("b-1", named([2]string{"x", "a-1"})), cellPlan("c-1", named([2]string{"x"}))},
			map[string]model.Value[[]string]{"a-1/x": model.Known([]string{"c-1"}), "b-1/x": model.Known([]string{"c-1"}), "c-1/x": model.Known([]string{"a-1", "b-1"})}},
		{"marked for deletion", []CellPlan{cellPlan("a-1", named([2]string{"x"})), cellPlan("b-1", named([2]string{"x", "deleted"}))},
			map[string]model.Value[[]string]{"a-1/x": none, "b-1/x": model.Known([]string{"a-1"})}},
		{"two accounts", []CellPlan{cellPlan("a-1", named([2]string{"x"})), cellPlan("b-1", named()), inAccount("2", cellPlan("b-1", named([2]string{"x"}))), inAccount("2", cellPlan("a-1", named()))},
			map[string]model.Value[[]string]{"a-1/x": none, "b-1/x": none}},
		{"one region", []CellPlan{cellPlan("a-1", named([2]string{"x"}))},
			map[string]model.Value[[]string]{"a-1/x": model.None[[]string]()}},
		{"a region that could not be listed", []CellPlan{cellPlan("a-1", named([2]string{"x"})), cellPlan("b-1", []Collector{fake{"secretsmanager", func(_ context.Context, c *Cell) error {
			c.Gap(model.KindSecret, refused)
			return nil
		}}})}, map[string]model.Value[[]string]{"a-1/x": model.Missing[[]string](model.Unknown{
			Reason: model.ReasonAccessDenied, Action: "secretsmanager:ListSecrets", Detail: "secrets of b-1 could not be listed",
		})}},
		{"a region that is off", []CellPlan{cellPlan("a-1", named([2]string{"x"})), off("b-1", "a-1")},
			map[string]model.Value[[]string]{"a-1/x": model.Missing[[]string](model.Unknown{Reason: model.ReasonRegionOff, Detail: "secrets of b-1 could not be listed"})}},
		{"a region that nobody listed", []CellPlan{cellPlan("a-1", named([2]string{"x"})), cellPlan("b-1")},
			map[string]model.Value[[]string]{"a-1/x": model.Missing[[]string](model.Unknown{Reason: model.ReasonNotCollected, Detail: "secrets of b-1 could not be listed"})}},
		{"a secret without a name", []CellPlan{cellPlan("a-1", named([2]string{"x"})), cellPlan("b-1", []Collector{fake{"secretsmanager", emitSecret("id", "")}})},
			map[string]model.Value[[]string]{"a-1/x": model.Missing[[]string](model.Unknown{Reason: model.ReasonNotCollected})}},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap, err := Run(t.Context(), Plan{TakenAt: taken, Cells: c.cells}, spool(t))
			require.NoError(t, err)
			for _, sequence := range []func(func(*model.Resource, error) bool){
				snap.Resources, snap.Outline(func(model.ResourceID) bool { return true }),
			} {
				found := 0
				for r, err := range sequence {
					require.NoError(t, err)
					want, ok := c.want[r.ID.ID]
					if ok {
						require.Equal(t, want, r.Body.(*model.Secret).SameNameRegions, r.ID.ID)
						found++
					}
				}
				require.Equal(t, len(c.want), found)
			}
		})
	}
}
