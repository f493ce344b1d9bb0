package rds

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// TestMultiTenant shows that a database whose tenants keep passwords of their
// own is neither managed nor unmanaged.
func TestMultiTenant(t *testing.T) {
	cell := &collectors.Cell{CellID: collectors.CellID{Partition: "aws", Account: "111122223333", Region: "us-east-1"}}
	r := instance(cell, &types.DBInstance{
		DBInstanceArn: aws.String("arn:x"), DBInstanceIdentifier: aws.String("cdb"), Engine: aws.String("oracle-ee-cdb"), MultiTenant: aws.Bool(true),
	})
	body := r.Body.(*model.Database)
	for _, a := range []model.Attribute{body.ManagedPassword, body.Secret, body.SecretStatus, body.SecretKMSKey} {
		assert.Equal(t, model.StateUnknown, a.State())
		assert.NotEmpty(t, a.Why().Detail)
	}
	assert.Equal(t, model.StateUnknown, r.Refs["secret"].State())
	assert.Equal(t, model.Known("oracle-ee-cdb"), body.Engine)
}

// TestSecretInTheMaking is a database whose secret has no ARN yet.
func TestSecretInTheMaking(t *testing.T) {
	cell := &collectors.Cell{}
	r := instance(cell, &types.DBInstance{MasterUserSecret: &types.MasterUserSecret{SecretStatus: aws.String("creating")}})
	body := r.Body.(*model.Database)
	assert.Equal(t, model.Known(true), body.ManagedPassword)
	assert.Equal(t, model.Known("creating"), body.SecretStatus)
	assert.Equal(t, model.StateUnknown, body.Secret.State())
	assert.Equal(t, model.StateUnknown, r.Refs["secret"].State())
}
