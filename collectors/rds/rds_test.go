package rds_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/rds"
	"github.com/keyproof/keyproof/collectors/testaccount"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/model"
)

const databases = `us-east-1:
  keys: [{name: app}]
  secrets:
    - {name: "rds!db-1", owner: rds}
    - {name: "rds!cluster-1", owner: rds}
  clusters:
    - {name: aurora, engine: aurora-postgresql, master_secret: {secret: "rds!cluster-1", key: app, status: impaired}}
    - {name: plain-cluster, engine: aurora-mysql}
    - {name: graph, engine: neptune}
  instances:
    - {name: orders, engine: postgres, master_secret: {secret: "rds!db-1"}}
    - {name: legacy, engine: mysql}
    - {name: orders-replica, engine: postgres, replica_of: orders}
    - {name: aurora-1, engine: aurora-postgresql, cluster: aurora}
    - {name: graph-1, engine: neptune, cluster: graph}
`

func (w *world) databases() (testaccount.Snapshot, map[string]*model.Database) {
	s := w.Scan(collectors.CellID{}, []collectors.Collector{rds.New(w.Config(testaccount.Here, testaccount.Virginia))})
	list := map[string]*model.Database{}
	for name, r := range s.Rows {
		list[name] = r.Body.(*model.Database)
	}
	return s, list
}

func TestDatabases(t *testing.T) {
	w := serve(t, databases)
	s, d := w.databases()
	require.Len(t, d, 8)
	require.Nil(t, s.Gap(model.KindDatabase))

	orders := d["orders"]
	assert.Equal(t, "arn:aws:rds:us-east-1:111122223333:db:orders", s.Rows["orders"].ID.ID)
	assert.Equal(t, model.Known("instance"), orders.Type)
	assert.Equal(t, model.Known("postgres"), orders.Engine)
	assert.Equal(t, model.Known(true), orders.ManagedPassword)
	assert.Equal(t, model.Known("active"), orders.SecretStatus)
	assert.Equal(t, model.StateAbsent, orders.Cluster.State())
	assert.Equal(t, model.StateAbsent, orders.ReplicaOf.State())
	secret, ok := s.Rows["orders"].Refs["secret"].Get()
	require.True(t, ok)
	assert.Equal(t, orders.Secret.Or("?"), secret.ID)
	assert.True(t, strings.HasPrefix(secret.ID, "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1"), secret.ID)
	assert.Equal(t, model.KindSecret, secret.Kind)

	aurora := d["aurora"]
	assert.Equal(t, "arn:aws:rds:us-east-1:111122223333:cluster:aurora", s.Rows["aurora"].ID.ID)
	assert.Equal(t, model.Known("cluster"), aurora.Type)
	assert.Equal(t, model.Known("impaired"), aurora.SecretStatus)
	key, ok := s.Rows["aurora"].Refs["secret_key"].Get()
	require.True(t, ok)
	assert.Equal(t, aurora.SecretKMSKey.Or("?"), key.ID)
	assert.Equal(t, model.KindKey, key.Kind)

	for name, want := range map[string]model.Value[bool]{
		"plain-cluster": model.Known(false), "legacy": model.Known(false), // a person keeps it
		"orders-replica": model.None[bool](), "aurora-1": model.None[bool](), // another database keeps it
		"graph": model.None[bool](), "graph-1": model.None[bool](), // there is none
	} {
		assert.Equal(t, want, d[name].ManagedPassword, name)
		assert.Equal(t, model.StateAbsent, d[name].Secret.State(), name)
		assert.Equal(t, model.StateAbsent, d[name].SecretStatus.State(), name)
		assert.Equal(t, model.StateAbsent, d[name].SecretKMSKey.State(), name)
		assert.Equal(t, model.StateAbsent, s.Rows[name].Refs["secret"].State(), name)
		assert.Equal(t, model.StateAbsent, s.Rows[name].Refs["secret_key"].State(), name)
	}
	assert.Equal(t, model.Known("aurora"), d["aurora-1"].Cluster)
	assert.Equal(t, model.Known("orders"), d["orders-replica"].ReplicaOf)
	for name, r := range s.Rows {
		account, ok := r.Refs["account"].Get()
		require.True(t, ok, name)
		assert.Equal(t, "arn:aws:iam::111122223333:root", account.ID)
	}
	assert.Equal(t, map[string]int{"rds:DescribeDBInstances": 1, "rds:DescribeDBClusters": 1, "rds:DescribeGlobalClusters": 1}, w.Calls())
}

func TestDenied(t *testing.T) {
	for operation, left := range map[string]int{"DescribeDBInstances": 3, "DescribeDBClusters": 5} {
		t.Run(operation, func(t *testing.T) {
			w := serve(t, databases)
			w.Deny("rds", operation)
			s, d := w.databases()
			assert.Len(t, d, left, "the other list stays")
			require.NotNil(t, s.Gap(model.KindDatabase))
			assert.Equal(t, testaccount.Denied("rds:"+operation), *s.Gap(model.KindDatabase))
		})
	}
}

func TestBroken(t *testing.T) {
	w := serve(t, databases)
	w.SetFaults(fake.Fault{Service: "rds", Kind: fake.BreakServer})
	s, d := w.databases()
	assert.Empty(t, d)
	require.NotNil(t, s.Gap(model.KindDatabase))
	assert.Equal(t, model.ReasonFailed, s.Gap(model.KindDatabase).Reason)
}

func TestPages(t *testing.T) {
	var b strings.Builder
	b.WriteString("us-east-1:\n  clusters:\n")
	for i := range 101 {
		fmt.Fprintf(&b, "    - {name: c%03d, engine: aurora-mysql}\n", i)
	}
	b.WriteString("  instances:\n")
	for i := range 201 {
		fmt.Fprintf(&b, "    - {name: i%03d, engine: mysql}\n", i)
	}
	w := serve(t, b.String())
	_, d := w.databases()
	assert.Len(t, d, 302)
	assert.Equal(t, map[string]int{"rds:DescribeDBInstances": 3, "rds:DescribeDBClusters": 2, "rds:DescribeGlobalClusters": 1}, w.Calls())
}

func TestNone(t *testing.T) {
	w := serve(t, "us-east-1: {}")
	s, d := w.databases()
	assert.Empty(t, d)
	assert.Contains(t, s.Scopes, model.Scope{Kind: model.KindDatabase, Account: testaccount.Here, Region: testaccount.Virginia}, "listed, and empty")
}

func TestPermissions(t *testing.T) {
	w := serve(t, databases)
	w.databases()
	var called []string
	for action := range w.Calls() {
		called = append(called, action)
	}
	assert.ElementsMatch(t, rds.New(w.Config(testaccount.Here, testaccount.Virginia)).Permissions(), called)
	assert.Equal(t, "rds", rds.New(w.Config(testaccount.Here, testaccount.Virginia)).Name())
}
