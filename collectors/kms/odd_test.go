package kms

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const keyARN = "arn:aws:kms:us-east-1:111122223333:key/k"

// odd is a client whose answers no well-behaved endpoint gives. What it does
// not overrule it answers emptily.
type odd struct {
	keys      []types.KeyListEntry
	metadata  *types.KeyMetadata
	described error
	rotation  func() (*kms.GetKeyRotationStatusOutput, error)
	grants    []types.GrantListEntry
}

func (o *odd) ListKeys(context.Context, *kms.ListKeysInput, ...func(*kms.Options)) (*kms.ListKeysOutput, error) {
	return &kms.ListKeysOutput{Keys: o.keys}, nil
}

func (o *odd) ListAliases(context.Context, *kms.ListAliasesInput, ...func(*kms.Options)) (*kms.ListAliasesOutput, error) {
	return &kms.ListAliasesOutput{Aliases: []types.AliasListEntry{{AliasName: aws.String("alias/aws/unused")}}}, nil
}

func (o *odd) DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error) {
	return &kms.DescribeKeyOutput{KeyMetadata: o.metadata}, o.described
}

func (o *odd) GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error) {
	return &kms.GetKeyPolicyOutput{}, nil
}

func (o *odd) GetKeyRotationStatus(context.Context, *kms.GetKeyRotationStatusInput, ...func(*kms.Options)) (*kms.GetKeyRotationStatusOutput, error) {
	if o.rotation != nil {
		return o.rotation()
	}
	return &kms.GetKeyRotationStatusOutput{}, nil
}

func (o *odd) ListKeyRotations(context.Context, *kms.ListKeyRotationsInput, ...func(*kms.Options)) (*kms.ListKeyRotationsOutput, error) {
	return &kms.ListKeyRotationsOutput{}, nil
}

func (o *odd) ListGrants(context.Context, *kms.ListGrantsInput, ...func(*kms.Options)) (*kms.ListGrantsOutput, error) {
	return &kms.ListGrantsOutput{Grants: o.grants}, nil
}

func (o *odd) GetResources(context.Context, *tagging.GetResourcesInput, ...func(*tagging.Options)) (*tagging.GetResourcesOutput, error) {
	return &tagging.GetResourcesOutput{}, nil
}

func key(change func(*types.KeyMetadata)) *odd {
	m := &types.KeyMetadata{
		KeyId: aws.String("k"), Arn: aws.String(keyARN), KeyManager: types.KeyManagerTypeCustomer, KeyState: types.KeyStateEnabled,
		KeySpec: types.KeySpecSymmetricDefault, Origin: types.OriginTypeAwsKms, KeyUsage: types.KeyUsageTypeEncryptDecrypt, CreationDate: aws.Time(now),
	}
	if change != nil {
		change(m)
	}
	return &odd{keys: []types.KeyListEntry{{KeyId: aws.String("k"), KeyArn: aws.String(keyARN)}}, metadata: m}
}

func collectOdd(t *testing.T, o *odd) result {
	return collect(t, "us-east-1", &Collector{client: o, tags: o})
}

func TestDeletedBetweenListAndDescribe(t *testing.T) {
	o := key(nil)
	o.described = &types.NotFoundException{}
	got := collectOdd(t, o)
	assert.Empty(t, got.rows)
	assert.Nil(t, got.scopes[0].Gap)
}

func TestWhatAWSLeavesOut(t *testing.T) {
	o := key(nil)
	o.metadata = nil
	assert.Equal(t, model.ReasonFailed, collectOdd(t, o).key(t, "k").State.Why().Reason)

	o = key(func(m *types.KeyMetadata) { *m = types.KeyMetadata{} })
	k := collectOdd(t, o).key(t, "k")
	for _, a := range []model.Attribute{k.KeyID, k.Manager, k.State, k.Spec, k.Usage, k.Origin, k.CreatedAt, k.RotationSupported} {
		assert.Equal(t, model.ReasonFailed, a.Why().Reason)
	}
	assert.Equal(t, model.StateKnown, k.RotationEnabled.State(), "a key of unknown kind is asked")

	o = key(nil)
	o.keys = append(o.keys, types.KeyListEntry{KeyId: aws.String("x")})
	got := collectOdd(t, o)
	assert.Len(t, got.rows, 1)
	assert.NotNil(t, got.scopes[0].Gap, "a key that cannot be named is not left out silently")
}

func TestRotationStatus(t *testing.T) {
	o := key(nil)
	o.rotation = func() (*kms.GetKeyRotationStatusOutput, error) {
		return nil, &types.UnsupportedOperationException{}
	}
	assert.Equal(t, model.None[bool](), collectOdd(t, o).key(t, "k").RotationEnabled)

	o.rotation = func() (*kms.GetKeyRotationStatusOutput, error) { return nil, &types.KMSInvalidStateException{} }
	assert.Equal(t, model.ReasonFailed, collectOdd(t, o).key(t, "k").RotationEnabled.Why().Reason)

	o.rotation = func() (*kms.GetKeyRotationStatusOutput, error) {
		return &kms.GetKeyRotationStatusOutput{KeyRotationEnabled: true}, nil
	}
	k := collectOdd(t, o).key(t, "k")
	assert.Equal(t, model.Known(365), k.RotationPeriodDays, "AWS's default where it names none")
	assert.Equal(t, model.None[time.Time](), k.NextRotationAt)
}

func TestPrimaryThatWaitsForItsReplicas(t *testing.T) {
	got := collectOdd(t, key(func(m *types.KeyMetadata) { m.KeyState = types.KeyStatePendingReplicaDeletion }))
	k := got.key(t, "k")
	assert.Equal(t, model.StateUnknown, k.DeletionAt.State(), "it will be deleted, nobody knows when")
}

func TestGrantees(t *testing.T) {
	for name, tt := range map[string]struct {
		grantee string
		want    model.Value[[]string]
	}{
		"deleted role": {"AROADBQP57FF2AEXAMPLE", model.Known([]string{})},
		"service":      {"rds.amazonaws.com", model.Known([]string{})},
		"in China":     {"ec2.amazonaws.com.cn", model.Known([]string{})},
		"root":         {"arn:aws:iam::999988887777:root", model.Known([]string{"999988887777"})},
		"session":      {"arn:aws:sts::999988887777:assumed-role/r/s", model.Known([]string{"999988887777"})},
	} {
		t.Run(name, func(t *testing.T) {
			o := key(nil)
			o.grants = []types.GrantListEntry{{GranteePrincipal: aws.String(tt.grantee)}, {GranteeServicePrincipal: aws.String("x.amazonaws.com")}}
			k := collectOdd(t, o).key(t, "k")
			assert.Equal(t, tt.want, k.GrantOutside)
			assert.Equal(t, model.Known(2), k.GrantCount)
		})
	}
	o := key(nil)
	o.grants = []types.GrantListEntry{{GranteePrincipal: aws.String("somebody")}}
	k := collectOdd(t, o).key(t, "k")
	require.Equal(t, model.StateUnknown, k.GrantOutside.State())
	require.Equal(t, model.StateUnknown, k.GrantOutsiders.State())
	assert.Equal(t, model.Known(1), k.GrantCount)
}
