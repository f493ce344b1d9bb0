package rds_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/collectors/testaccount"
	"github.com/keyproof/keyproof/model"
)

const replicated = `us-east-1:
  secrets: [{name: "rds!db-1", owner: rds}]
  clusters:
    - {name: writer, engine: aurora-mysql, global: world, writer: true, tags: {"keyproof:secret": "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf"}}
    - {name: reader, engine: aurora-mysql, global: planet}
    - {name: alone, engine: aurora-mysql}
    - {name: managed, engine: aurora-mysql, master_secret: {secret: "rds!db-1"}}
    - {name: binlog, engine: aurora-mysql, replicas: ["arn:aws:rds:ap-southeast-2:111122223333:cluster:binlog-ap", "arn:aws:rds:us-east-1:111122223333:cluster:near"]}
  instances:
    - {name: far, engine: sqlserver-ee, master_secret: {secret: "rds!db-1"}, replicas: ["arn:aws:rds:eu-west-1:111122223333:db:far-eu", "arn:aws:rds:ap-southeast-2:111122223333:db:far-ap", "arn:aws:rds:eu-west-1:111122223333:db:far-eu-2"]}
    - {name: near, engine: mysql, tags: {"keyproof:secret": "app"}}
    - {name: near-replica, engine: mysql, replica_of: near}
eu-west-1:
  clusters:
    - {name: world-eu, engine: aurora-mysql, global: world}
    - {name: planet-eu, engine: aurora-mysql, global: planet, writer: true}
ap-southeast-2:
  clusters: [{name: world-ap, engine: aurora-mysql, global: world}]
`

func TestReplicaRegions(t *testing.T) {
	w := serve(t, replicated)
	s, d := w.databases()
	for name, want := range map[string][]string{
		"writer": {"ap-southeast-2", "eu-west-1"}, "reader": {}, "alone": {}, "binlog": {"ap-southeast-2"},
		"far": {"ap-southeast-2", "eu-west-1"}, "near": {}, "near-replica": {},
	} {
		assert.Equal(t, model.Known(want), d[name].ReplicaRegions, name)
	}
	assert.Equal(t, model.Known("world"), d["writer"].GlobalCluster)
	assert.Equal(t, model.Known("planet"), d["reader"].GlobalCluster)
	assert.Equal(t, model.StateAbsent, d["alone"].GlobalCluster.State())
	assert.Equal(t, model.StateAbsent, d["far"].GlobalCluster.State())
	assert.Equal(t, model.StateAbsent, d["writer"].ReplicaOf.State())
	assert.Equal(t, model.Known("arn:aws:rds:eu-west-1:111122223333:cluster:planet-eu"), d["reader"].ReplicaOf)
	assert.Equal(t, model.StateAbsent, d["reader"].ManagedPassword.State(), "the writer keeps its password")

	assert.Equal(t, d["far"].Secret, d["far"].CredentialSecret, "the managed one")
	secret, _ := s.Rows["writer"].Refs["credential_secret"].Get()
	assert.Equal(t, model.ResourceID{
		Kind: model.KindSecret, Account: testaccount.Here, Region: testaccount.Virginia, ID: "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf",
	}, secret, "the one of the tag")
	for _, name := range []string{"alone", "near"} {
		assert.Contains(t, d[name].CredentialSecret.Why().Detail, "name the secret's ARN in the tag keyproof:secret", name)
		assert.Equal(t, model.StateUnknown, s.Rows[name].Refs["credential_secret"].State(), name)
	}
}

func TestGlobalDenied(t *testing.T) {
	w := serve(t, replicated)
	w.Deny("rds", "DescribeGlobalClusters")
	s, d := w.databases()
	assert.Nil(t, s.Gap(model.KindDatabase), "no database is missing")
	why := testaccount.Denied("rds:DescribeGlobalClusters")
	assert.Equal(t, why, d["writer"].ReplicaRegions.Why())
	assert.Equal(t, why, d["writer"].GlobalCluster.Why())
	assert.Equal(t, model.Known([]string{}), d["near"].ReplicaRegions, "an instance is of no global database")
	// A secondary cluster has no password of its own: whether this is one, nobody knows.
	assert.Equal(t, why, d["reader"].ReplicaOf.Why())
	assert.Equal(t, why, d["reader"].ManagedPassword.Why())
	assert.Equal(t, model.StateAbsent, d["managed"].ReplicaOf.State(), "RDS manages no password of a global database")
	assert.Equal(t, model.Known(true), d["managed"].ManagedPassword)
	assert.Equal(t, model.Known(false), d["near"].ManagedPassword)
}

// TestNoClusters: where there is no cluster nobody asks for global ones.
func TestNoClusters(t *testing.T) {
	w := serve(t, "us-east-1: {instances: [{name: a, engine: mysql}]}")
	w.databases()
	assert.Zero(t, w.Calls()["rds:DescribeGlobalClusters"])
}
