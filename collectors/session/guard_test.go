package session_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/session"
	"github.com/keyproof/keyproof/internal/awserr"
)

// TestOnlyDeclaredReads tries to write and to read values through the
// configuration that collectors get, even with the calls declared.
func TestOnlyDeclaredReads(t *testing.T) {
	server := serve(t)
	account := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1"}, Unlimited: true, Reads: []string{
		"secretsmanager:ListSecrets", "ssm:GetParameters",
		"secretsmanager:PutSecretValue", "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "kms:Decrypt", "sts:AssumeRole",
	}})[0]
	cfg := account.Config("us-east-1")
	sm, params, keys := secretsmanager.NewFromConfig(cfg), ssm.NewFromConfig(cfg), kms.NewFromConfig(cfg)
	id := aws.String("s")
	before := server.Calls()
	for name, call := range map[string]func(context.Context) error{
		"PutSecretValue, declared": func(ctx context.Context) error {
			_, err := sm.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: id, SecretString: id})
			return err
		},
		"DeleteSecret": func(ctx context.Context) error {
			_, err := sm.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: id})
			return err
		},
		"GetSecretValue, declared": func(ctx context.Context) error {
			_, err := sm.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: id})
			return err
		},
		"BatchGetSecretValue, declared": func(ctx context.Context) error {
			_, err := sm.BatchGetSecretValue(ctx, &secretsmanager.BatchGetSecretValueInput{SecretIdList: []string{"s"}})
			return err
		},
		"DescribeSecret, a read but not declared": func(ctx context.Context) error {
			_, err := sm.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: id})
			return err
		},
		"GetParameters with decryption": func(ctx context.Context) error {
			_, err := params.GetParameters(ctx, &ssm.GetParametersInput{Names: []string{"p"}, WithDecryption: aws.Bool(true)})
			return err
		},
		"Decrypt, declared": func(ctx context.Context) error {
			_, err := keys.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: []byte("x")})
			return err
		},
		"Invoke": func(ctx context.Context) error {
			_, err := lambda.NewFromConfig(cfg).Invoke(ctx, &lambda.InvokeInput{FunctionName: id})
			return err
		},
		"AssumeRole, declared": func(ctx context.Context) error {
			_, err := sts.NewFromConfig(cfg).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::1:role/r"), RoleSessionName: id})
			return err
		},
	} {
		err := call(t.Context())
		require.ErrorIs(t, err, awserr.ErrNotARead, name)
		assert.Error(t, awserr.Fatal(t.Context(), err), "a scan stops on it")
	}
	assert.Equal(t, before, server.Calls(), "nothing was sent")

	_, err := sm.ListSecrets(t.Context(), &secretsmanager.ListSecretsInput{})
	require.NoError(t, err)
	_, err = params.GetParameters(t.Context(), &ssm.GetParametersInput{Names: []string{"p"}, WithDecryption: aws.Bool(false)})
	require.NoError(t, err)
	assert.Equal(t, before["secretsmanager:ListSecrets"]+1, server.Calls()["secretsmanager:ListSecrets"])
}

// TestOnlyDeclaredRepairs opens accounts for repairs: they can make the calls that
// are declared, and none that answers with a secret's value.
func TestOnlyDeclaredRepairs(t *testing.T) {
	server := serve(t)
	account := open(t, session.Options{Base: base(server, "AKIDPROD"), Regions: []string{"us-east-1"}, Unlimited: true, Repairs: []string{
		"secretsmanager:TagResource", "secretsmanager:GetSecretValue", "kms:Decrypt", "ssm:GetParameter",
	}})[0]
	cfg := account.Config("us-east-1")
	sm, params, keys := secretsmanager.NewFromConfig(cfg), ssm.NewFromConfig(cfg), kms.NewFromConfig(cfg)
	id := aws.String("s")
	before := server.Calls()
	_, err := sm.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: id})
	require.ErrorIs(t, err, awserr.ErrNotARead)
	_, err = keys.Decrypt(t.Context(), &kms.DecryptInput{CiphertextBlob: []byte("x")})
	require.ErrorIs(t, err, awserr.ErrNotARead)
	_, err = sm.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: id})
	require.ErrorIs(t, err, awserr.ErrNotARead, "not declared")
	_, err = sm.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: id})
	require.ErrorIs(t, err, awserr.ErrNotARead, "not declared")
	require.Equal(t, before, server.Calls(), "nothing was sent")

	_, err = sm.TagResource(t.Context(), &secretsmanager.TagResourceInput{SecretId: id, Tags: []types.Tag{{Key: id, Value: id}}})
	require.NotErrorIs(t, err, awserr.ErrNotARead)
	_, err = params.GetParameter(t.Context(), &ssm.GetParameterInput{Name: id, WithDecryption: aws.Bool(true)})
	require.NotErrorIs(t, err, awserr.ErrNotARead, "a repair has to hand the value back")
}
