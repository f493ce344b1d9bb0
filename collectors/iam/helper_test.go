package iam_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/iam"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

// server is an embedded account with the given IAM.
func server(t *testing.T, directory string, faults ...fake.Fault) aws.Config {
	t.Helper()
	w := testaccount.ServeFile(t, `accounts:
  - id: "`+testaccount.Here+`"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions: {us-east-1: {}}
    iam:
`+directory, testaccount.Now())
	w.SetFaults(faults...)
	return w.Config(testaccount.Here, testaccount.Virginia)
}

// rows are the resources of a scan by kind and name.
type rows struct {
	*model.Snapshot
	t   *testing.T
	all map[string]*model.Resource
}

// scan reads the account as a scan of two regions does.
func scan(t *testing.T, collector collectors.Collector) rows {
	t.Helper()
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = spool.Close() })
	plan := collectors.Plan{TakenAt: testaccount.Now()}
	for _, region := range []string{"eu-west-1", "us-east-1"} {
		plan.Cells = append(plan.Cells, collectors.CellPlan{
			Cell:   collectors.CellID{Partition: "aws", Account: testaccount.Here, Region: region, Regions: []string{"us-east-1", "eu-west-1"}},
			Stages: [][]collectors.Collector{{collector}},
		})
	}
	snap, err := collectors.Run(t.Context(), plan, spool)
	require.NoError(t, err)
	r := rows{snap, t, map[string]*model.Resource{}}
	for res, err := range snap.Resources {
		require.NoError(t, err)
		require.Equal(t, model.RegionGlobal, res.ID.Region)
		r.all[string(res.ID.Kind)+" "+res.Name] = res
	}
	return r
}

func read(t *testing.T, directory string, faults ...fake.Fault) rows {
	t.Helper()
	return scan(t, iam.New(server(t, directory, faults...)))
}

func (r rows) principal(name string) *model.Principal {
	r.t.Helper()
	require.Contains(r.t, r.all, "principal "+name)
	return r.all["principal "+name].Body.(*model.Principal)
}

func (r rows) policy(name string) *model.IAMPolicy {
	r.t.Helper()
	require.Contains(r.t, r.all, "iam_policy "+name)
	return r.all["iam_policy "+name].Body.(*model.IAMPolicy)
}

// gaps are why lists are not complete, by kind.
func (r rows) gaps() map[model.Kind]model.Unknown {
	all := map[model.Kind]model.Unknown{}
	for _, s := range r.Gaps() {
		all[s.Kind] = *s.Gap
	}
	return all
}

// policies names the policies of which grants are.
func policies(t *testing.T, v model.Value[[]model.Grant]) string {
	t.Helper()
	list, ok := v.Get()
	require.True(t, ok, v.Why())
	names := []string{}
	for _, g := range list {
		names = append(names, g.Policy)
	}
	return strings.Join(names, " ")
}
