package kms

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const account = testaccount.Here

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// endpoint serves a world and the configuration of a client of its account.
func endpoint(t *testing.T, yaml string) (*fixture.Server, func(region string) aws.Config) {
	t.Helper()
	w := testaccount.ServeFile(t, yaml, now)
	return w.Server, func(region string) aws.Config { return w.Config(account, region) }
}

// result is what a collector put into the snapshot, by name.
type result struct {
	rows   map[string]*model.Resource
	scopes []model.Scope
}

func (r result) key(t *testing.T, name string) *model.Key {
	t.Helper()
	require.Contains(t, r.rows, name, "have %v", slices.Sorted(maps.Keys(r.rows)))
	return r.rows[name].Body.(*model.Key)
}

func run(ctx context.Context, t *testing.T, region string, c collectors.Collector) (result, error) {
	t.Helper()
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = spool.Close() })
	snap, err := collectors.Run(ctx, collectors.Plan{TakenAt: now, Cells: []collectors.CellPlan{{
		Cell: collectors.CellID{Partition: "aws", Account: account, Region: region, Org: &collectors.Organization{
			ID: model.Known("o-aaaaaaaaaa"), Accounts: model.Known([]string{account, "222222222222"}),
		}},
		Stages: [][]collectors.Collector{{c}},
	}}}, spool)
	if err != nil {
		return result{}, err
	}
	res := result{rows: map[string]*model.Resource{}, scopes: snap.Scopes}
	for r, err := range snap.Resources {
		require.NoError(t, err)
		require.NotContains(t, res.rows, r.Name)
		res.rows[r.Name] = r
	}
	return res, nil
}

func collect(t *testing.T, region string, c collectors.Collector) result {
	t.Helper()
	r, err := run(t.Context(), t, region, c)
	require.NoError(t, err)
	return r
}
