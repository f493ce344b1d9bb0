package evaluator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestTargetsOf: the resources that events are about, from what records write.
func TestTargetsOf(t *testing.T) {
	const secretARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:team/app/db-AbCdEf"
	for _, c := range []struct {
		source, name string
		targets      []string
		kind         model.Kind
		id, called   string
	}{
		{"secretsmanager", "DeleteSecret", []string{secretARN, "team/app/db"}, model.KindSecret, secretARN, "team/app/db"},
		{"secretsmanager", "GetSecretValue", []string{"team/app/db"}, model.KindSecret, "team/app/db", "team/app/db"},
		{"secretsmanager", "BatchGetSecretValue", nil, model.KindEvent, "secretsmanager.amazonaws.com:BatchGetSecretValue", "BatchGetSecretValue"},
		{"ssm", "PutParameter", []string{"/a/b"}, model.KindParameter, "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b", "/a/b"},
		{"ssm", "GetParameters", []string{"arn:aws:ssm:eu-west-1:111122223333:parameter/a", "/a"}, model.KindParameter, "arn:aws:ssm:eu-west-1:111122223333:parameter/a", "/a"},
		{"kms", "DisableKey", []string{"arn:aws:kms:eu-west-1:111122223333:key/k1", "k1"}, model.KindKey, "arn:aws:kms:eu-west-1:111122223333:key/k1", "k1"},
		{"kms", "DisableKey", []string{"k1"}, model.KindKey, "arn:aws:kms:eu-west-1:111122223333:key/k1", "k1"},
		{"cloudtrail", "StopLogging", []string{"audit"}, model.KindTrail, "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit", "audit"},
		{"lambda", "UpdateFunctionCode20150331v2", []string{"arn:aws:lambda:eu-west-1:111122223333:function:f:7"}, model.KindFunction, "arn:aws:lambda:eu-west-1:111122223333:function:f", "f"},
		{"rds", "ModifyDBCluster", []string{"c"}, model.KindDatabase, "arn:aws:rds:eu-west-1:111122223333:cluster:c", "c"},
		{"rds", "ModifyDBInstance", []string{"d"}, model.KindDatabase, "arn:aws:rds:eu-west-1:111122223333:db:d", "d"},
		{"s3", "DeleteBucket", []string{"logs"}, model.KindEvent, "arn:aws:s3:::logs", "logs"},
	} {
		e := &model.Event{Source: c.source + ".amazonaws.com", Name: c.name, Account: model.Known("111122223333"), Region: model.Known("eu-west-1"), Targets: model.Known(c.targets)}
		list := targetsOf(e)
		require.Len(t, list, 1, c.name)
		require.Equal(t, model.ResourceID{Kind: c.kind, Account: "111122223333", Region: "eu-west-1", ID: c.id}, list[0].id)
		if c.source != "s3" {
			require.Equal(t, c.called, list[0].name)
		}
	}
}
