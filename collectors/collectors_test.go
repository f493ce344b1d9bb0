package collectors

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// fake is a collector made of a function.
type fake struct {
	name    string
	collect func(context.Context, *Cell) error
}

func (f fake) Name() string                                  { return f.name }
func (fake) Permissions() []string                           { return nil }
func (f fake) Collect(ctx context.Context, cell *Cell) error { return f.collect(ctx, cell) }

var (
	taken  = time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	denied = model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:ListKeys"}
)

func spool(t *testing.T) *model.Spool {
	t.Helper()
	s, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func cellPlan(region string, stages ...[]Collector) CellPlan {
	return CellPlan{Cell: CellID{Partition: "aws", Account: "111122223333", Region: region}, Stages: stages}
}

func emitSecret(name, key string) func(context.Context, *Cell) error {
	return func(_ context.Context, c *Cell) error {
		s := &model.Secret{CreatedAt: model.Known(taken.Add(-36 * time.Hour))}
		r := &model.Resource{ID: c.ID(model.KindSecret, name), Name: name, Body: s}
		if key != "" {
			r.Ref("key", model.Known(c.ID(model.KindKey, key)))
		}
		return c.Emit(r)
	}
}

func TestRunMergesSortsAndDerives(t *testing.T) {
	account := func(fill func(*model.Account)) func(context.Context, *Cell) error {
		return func(_ context.Context, c *Cell) error {
			body := &model.Account{}
			fill(body)
			return c.Emit(&model.Resource{ID: c.ID(model.KindAccount, "root"), Name: "root", Body: body})
		}
	}
	plan := Plan{TakenAt: taken, Tool: "test", Cells: []CellPlan{
		cellPlan("us-east-1", []Collector{fake{"b", emitSecret("z", "")}, fake{"a", emitSecret("y", "")}}),
		cellPlan("eu-west-1", []Collector{
			fake{"one", account(func(a *model.Account) { a.TrailCount = model.Known(2) })},
			fake{"two", account(func(a *model.Account) { a.OrganizationID = model.Known("o-1") })},
		}),
	}}
	snap, err := Run(t.Context(), plan, spool(t))
	require.NoError(t, err)
	var got []*model.Resource
	for r, err := range snap.Resources {
		require.NoError(t, err)
		got = append(got, r)
	}
	require.Len(t, got, 3)
	require.Equal(t, "eu-west-1", got[0].ID.Region)
	acc := got[0].Body.(*model.Account)
	require.Equal(t, 2, acc.TrailCount.Or(0))
	require.Equal(t, "o-1", acc.OrganizationID.Or(""), "two collectors fill one row")
	require.Equal(t, "y", got[1].Name)
	require.Equal(t, 1, got[1].Body.(*model.Secret).CreatedDaysAgo.Or(-1), "ages are whole days")
}

func TestScopes(t *testing.T) {
	plan := Plan{TakenAt: taken, Cells: []CellPlan{
		cellPlan("eu-west-1", []Collector{
			fake{"kms", func(_ context.Context, c *Cell) error { c.Gap(model.KindKey, denied); return nil }},
			fake{"ssm", func(_ context.Context, c *Cell) error { c.Listed(model.KindParameter); return nil }},
		}),
		off("eu-south-1", "eu-west-1"),
	}}
	snap, err := Run(t.Context(), plan, spool(t))
	require.NoError(t, err)
	gaps := snap.Gaps()
	regional := slices.DeleteFunc(model.Kinds(), model.Kind.Global)
	require.Less(t, len(regional), len(model.Kinds()))
	require.Len(t, gaps, len(regional)+1, "a cell that cannot be read is a gap of every kind that has a region")
	last := gaps[len(gaps)-1]
	require.Equal(t, "eu-west-1", last.Region)
	require.Equal(t, denied, *last.Gap)
	require.Contains(t, snap.Scopes, model.Scope{Kind: model.KindParameter, Account: "111122223333", Region: "eu-west-1"})
}

func off(region string, readable ...string) CellPlan {
	return CellPlan{Cell: CellID{Account: "111122223333", Region: region, Regions: readable}, Gap: &model.Unknown{Reason: model.ReasonRegionOff}}
}

// TestGlobalScopes: an account of which no region can be read has a gap of each
// global kind, once.
func TestGlobalScopes(t *testing.T) {
	snap, err := Run(t.Context(), Plan{TakenAt: taken, Cells: []CellPlan{off("eu-south-1"), off("eu-west-1")}}, spool(t))
	require.NoError(t, err)
	n := map[model.Kind]int{}
	for _, s := range snap.Gaps() {
		n[s.Kind]++
		require.Equal(t, s.Kind.Global(), s.Region == model.RegionGlobal, s)
	}
	for _, k := range model.Kinds() {
		require.Equal(t, map[bool]int{true: 1, false: 2}[k.Global()], n[k], k)
	}
}

// TestGlobalOnce: one cell of an account reads what has no region.
func TestGlobalOnce(t *testing.T) {
	collect := fake{"iam", func(_ context.Context, c *Cell) error {
		if !c.First() {
			return nil
		}
		c.Listed(model.KindPrincipal)
		return c.Emit(&model.Resource{ID: c.ID(model.KindPrincipal, "arn"), Body: &model.Principal{}})
	}}
	plan := Plan{TakenAt: taken}
	for _, region := range []string{"eu-west-1", "us-east-1"} {
		cell := cellPlan(region, []Collector{collect})
		cell.Cell.Regions = []string{"us-east-1", "eu-west-1"}
		plan.Cells = append(plan.Cells, cell)
	}
	snap, err := Run(t.Context(), plan, spool(t))
	require.NoError(t, err)
	require.Equal(t, []model.Scope{{Kind: model.KindPrincipal, Account: "111122223333", Region: model.RegionGlobal, Count: 1}}, snap.Scopes)
}

func TestStagesSeeReferences(t *testing.T) {
	var seen, other bool
	plan := Plan{TakenAt: taken, Cells: []CellPlan{cellPlan("eu-west-1",
		[]Collector{fake{"first", emitSecret("a", "key-1")}},
		[]Collector{fake{"second", func(_ context.Context, c *Cell) error {
			seen, other = c.Referenced(model.KindKey, "key-1"), c.Referenced(model.KindKey, "key-2")
			return nil
		}}},
	)}}
	_, err := Run(t.Context(), plan, spool(t))
	require.NoError(t, err)
	require.True(t, seen)
	require.False(t, other)
}

func TestRunStops(t *testing.T) {
	boom := errors.New("boom")
	_, err := Run(t.Context(), Plan{Cells: []CellPlan{cellPlan("eu-west-1", []Collector{
		fake{"kms", func(context.Context, *Cell) error { return boom }},
	})}}, spool(t))
	require.ErrorIs(t, err, boom)
	require.ErrorContains(t, err, "collect kms of 111122223333 in eu-west-1")

	ctx, cancel := context.WithCancel(t.Context())
	_, err = Run(ctx, Plan{Cells: []CellPlan{cellPlan("eu-west-1", []Collector{
		fake{"kms", func(context.Context, *Cell) error { cancel(); return nil }},
	})}}, spool(t))
	require.ErrorIs(t, err, context.Canceled, "a cancelled scan is never a snapshot")
}

func TestProgress(t *testing.T) {
	var resources, done atomic.Int64
	_, err := Run(t.Context(), Plan{
		Cells: []CellPlan{cellPlan("eu-west-1", []Collector{fake{"sm", emitSecret("a", "")}})},
		Progress: func(p Progress) {
			resources.Add(int64(p.Resources))
			if p.Done && p.Collector == "sm" && p.Cell.Region == "eu-west-1" {
				done.Add(1)
			}
		},
	}, spool(t))
	require.NoError(t, err)
	require.Equal(t, [2]int64{1, 1}, [2]int64{resources.Load(), done.Load()})
}

func TestEach(t *testing.T) {
	var sum, most, now atomic.Int64
	err := Each(t.Context(), 3, []int64{1, 2, 3, 4, 5, 6, 7}, func(_ context.Context, n int64) error {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(time.Millisecond)
		now.Add(-1)
		sum.Add(n)
		return nil
	})
	require.NoError(t, err)
	require.EqualValues(t, 28, sum.Load())
	require.LessOrEqual(t, most.Load(), int64(3))
	boom := errors.New("boom")
	require.ErrorIs(t, Each(t.Context(), 2, []int{1, 2, 3}, func(context.Context, int) error { return boom }), boom)
}

// TestMembers: the members that were listed are in the header, once.
func TestMembers(t *testing.T) {
	cell := func(o *Organization) CellPlan { return CellPlan{Cell: CellID{Org: o}} }
	list := model.Known([]string{"444455556666", "111122223333"})
	plan := Plan{Cells: []CellPlan{cell(&Organization{Accounts: list}), cell(&Organization{Accounts: model.Missing[[]string](denied)}), cell(&Organization{Accounts: list}), cell(nil)}}
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	defer spool.Close()
	snap, err := Run(t.Context(), plan, spool)
	require.NoError(t, err)
	require.Equal(t, []string{"111122223333", "444455556666"}, snap.Members)
}

func TestTrusts(t *testing.T) {
	org := &Organization{ID: model.Known("o-1"), Accounts: model.Known([]string{"111122223333", "444455556666"}), Trusted: []string{"777788889999"}}
	for account, want := range map[string]bool{"111122223333": true, "444455556666": true, "777788889999": true, "999999999999": false} {
		got, ok := org.Trusts("111122223333", account).Get()
		require.True(t, ok)
		require.Equal(t, want, got, account)
	}
	hidden := &Organization{ID: model.Known("o-1"), Accounts: model.Missing[[]string](denied)}
	require.Equal(t, denied, hidden.Trusts("111122223333", "444455556666").Why(), "nobody could list the members")
	require.Equal(t, model.Known(true), hidden.Trusts("111122223333", "111122223333"))
	alone := &Organization{ID: model.None[string](), Accounts: model.None[[]string]()}
	require.Equal(t, model.Known(false), alone.Trusts("111122223333", "444455556666"))
}
