package rds

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

func instance(cell *collectors.Cell, d *types.DBInstance) *model.Resource {
	body := &model.Database{
		Name:      text(d.DBInstanceIdentifier),
		Type:      model.Known("instance"),
		Engine:    text(d.Engine),
		Cluster:   model.KnownOrNone(d.DBClusterIdentifier),
		ReplicaOf: model.KnownOrNone(first(d.ReadReplicaSourceDBInstanceIdentifier, d.ReadReplicaSourceDBClusterIdentifier)),
	}
	r := row(cell, aws.ToString(d.DBInstanceArn), aws.ToString(d.DBInstanceIdentifier), body)
	if aws.ToBool(d.MultiTenant) && d.MasterUserSecret == nil {
		tenants(r, body)
	} else {
		master(cell, r, body, d.MasterUserSecret)
	}
	body.GlobalCluster = model.None[string]()
	body.ReplicaRegions = model.Known(elsewhere(cell.Region, append(d.ReadReplicaDBInstanceIdentifiers, d.ReadReplicaDBClusterIdentifiers...)))
	credentials(cell, r, body, d.TagList)
	return r
}

func cluster(cell *collectors.Cell, d *types.DBCluster, g *globals) *model.Resource {
	body := &model.Database{
		Name:      text(d.DBClusterIdentifier),
		Type:      model.Known("cluster"),
		Engine:    text(d.Engine),
		Cluster:   model.None[string](),
		ReplicaOf: model.KnownOrNone(first(d.ReplicationSourceIdentifier)),
	}
	g.fill(cell, d, body)
	r := row(cell, aws.ToString(d.DBClusterArn), aws.ToString(d.DBClusterIdentifier), body)
	master(cell, r, body, d.MasterUserSecret)
	credentials(cell, r, body, d.TagList)
	return r
}

func row(cell *collectors.Cell, arn, name string, body *model.Database) *model.Resource {
	body.PasswordInCode = model.None[bool]()
	r := &model.Resource{ID: cell.ID(model.KindDatabase, arn), Name: name, Body: body}
	r.Ref("account", model.Known(cell.AccountRow()))
	return r
}

// master fills who keeps the master password. AWS gives the secret only while
// the password is managed.
func master(cell *collectors.Cell, r *model.Resource, body *model.Database, s *types.MasterUserSecret) {
	switch {
	case s != nil:
		body.ManagedPassword = model.Known(true)
		body.Secret, body.SecretStatus, body.SecretKMSKey = text(s.SecretArn), text(s.SecretStatus), text(s.KmsKeyId)
		refs(r, "secret", body.Secret, func(arn string) model.ResourceID { return cell.ID(model.KindSecret, arn) })
		refs(r, "secret_key", body.SecretKMSKey, cell.Key)
		return
	case withoutPassword(body):
		body.ManagedPassword = model.None[bool]()
	case body.ReplicaOf.State() == model.StateUnknown:
		body.ManagedPassword = model.Missing[bool](body.ReplicaOf.Why())
	default:
		body.ManagedPassword = model.Known(false)
	}
	body.Secret, body.SecretStatus, body.SecretKMSKey = model.None[string](), model.None[string](), model.None[string]()
	r.Ref("secret", model.None[model.ResourceID]())
	r.Ref("secret_key", model.None[model.ResourceID]())
}

// tenants marks a multi-tenant Oracle database: each of its tenant databases has
// a master password of its own, which only DescribeTenantDatabases shows
// (ModifyDBInstance, ManageMasterUserPassword).
func tenants(r *model.Resource, body *model.Database) {
	why := model.Unknown{Reason: model.ReasonNotCollected, Detail: "tenant databases keep passwords of their own"}
	model.SetUnknown(body, why)
	r.Ref("secret", model.Missing[model.ResourceID](why))
	r.Ref("secret_key", model.Missing[model.ResourceID](why))
}

// withoutPassword says whether a database has no master password of its own: a
// member of a cluster and a read replica have that of another one, and Neptune
// knows no master user (Neptune API Reference, CreateDBCluster:
// MasterUserPassword is not supported).
func withoutPassword(body *model.Database) bool {
	_, member := body.Cluster.Get()
	_, replica := body.ReplicaOf.Get()
	return member || replica || strings.HasPrefix(body.Engine.Or(""), "neptune")
}

func refs(r *model.Resource, role string, name model.Value[string], id func(string) model.ResourceID) {
	if n, ok := name.Get(); ok {
		r.Ref(role, model.Known(id(n)))
		return
	}
	r.Ref(role, model.Missing[model.ResourceID](name.Why()))
}

// text is a member that AWS always sends; were it missing, it is unknown.
func text(s *string) model.Value[string] {
	if s == nil {
		return model.Value[string]{}
	}
	return model.Known(*s)
}

// first is the first member that is there and says something.
func first(list ...*string) *string {
	for _, s := range list {
		if aws.ToString(s) != "" {
			return s
		}
	}
	return nil
}
