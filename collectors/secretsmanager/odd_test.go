package secretsmanager

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// odd is a client whose answers no well-behaved endpoint gives.
type odd struct {
	pages    []*sm.ListSecretsOutput // nil: an error; the last one repeats
	listed   int
	describe func() (*sm.DescribeSecretOutput, error)
	policy   func() (*sm.GetResourcePolicyOutput, error)
}

func (o *odd) ListSecrets(context.Context, *sm.ListSecretsInput, ...func(*sm.Options)) (*sm.ListSecretsOutput, error) {
	page := o.pages[min(o.listed, len(o.pages)-1)]
	o.listed++
	if page == nil {
		return nil, &types.InternalServiceError{Message: aws.String("later")}
	}
	return page, nil
}

func (o *odd) DescribeSecret(context.Context, *sm.DescribeSecretInput, ...func(*sm.Options)) (*sm.DescribeSecretOutput, error) {
	if o.describe != nil {
		return o.describe()
	}
	return &sm.DescribeSecretOutput{}, nil
}

func (o *odd) GetResourcePolicy(context.Context, *sm.GetResourcePolicyInput, ...func(*sm.Options)) (*sm.GetResourcePolicyOutput, error) {
	if o.policy != nil {
		return o.policy()
	}
	return &sm.GetResourcePolicyOutput{}, nil
}

func entry(name string, change func(*types.SecretListEntry)) types.SecretListEntry {
	s := types.SecretListEntry{
		ARN: aws.String("arn:aws:secretsmanager:us-east-1:111122223333:secret:" + name + "-abcdef"), Name: aws.String(name),
		CreatedDate: aws.Time(now), LastChangedDate: aws.Time(now),
	}
	if change != nil {
		change(&s)
	}
	return s
}

func only(list ...types.SecretListEntry) *odd {
	return &odd{pages: []*sm.ListSecretsOutput{{SecretList: list}}}
}

func collectOdd(t *testing.T, o *odd) result { return collect(t, "us-east-1", &Collector{client: o}) }

func TestDeletedBetweenListAndRead(t *testing.T) {
	missing := &types.ResourceNotFoundException{}
	byDescribe := only(entry("a", nil))
	byDescribe.describe = func() (*sm.DescribeSecretOutput, error) { return nil, missing }
	byPolicy := only(entry("a", nil))
	byPolicy.policy = func() (*sm.GetResourcePolicyOutput, error) { return nil, missing }
	for _, o := range []*odd{byDescribe, byPolicy} {
		got := collectOdd(t, o)
		assert.Empty(t, got.rows)
		assert.Nil(t, got.scopes[0].Gap, "the list is complete all the same")
	}
}

func TestInvalidRequestOfALivingSecretStaysAsItIs(t *testing.T) {
	o := only(entry("a", nil))
	o.policy = func() (*sm.GetResourcePolicyOutput, error) {
		return nil, &types.InvalidRequestException{Message: aws.String("no")}
	}
	assert.Equal(t, "InvalidRequestException: no", collectOdd(t, o).secret(t, "a").PolicyPublic.Why().Detail)
}

func TestPagesThatOverlapOrRepeat(t *testing.T) {
	changed := entry("a", func(s *types.SecretListEntry) { s.LastChangedDate = aws.Time(now.Add(time.Hour)) })
	o := &odd{pages: []*sm.ListSecretsOutput{
		{SecretList: []types.SecretListEntry{entry("a", nil)}, NextToken: aws.String("1")},
		{SecretList: []types.SecretListEntry{changed, entry("b", nil)}},
	}}
	got := collectOdd(t, o)
	assert.Len(t, got.rows, 2, "a secret on two pages is one row, not two that disagree")

	endless := &odd{pages: []*sm.ListSecretsOutput{{SecretList: []types.SecretListEntry{entry("a", nil)}, NextToken: aws.String("1")}}}
	got = collectOdd(t, endless)
	assert.Len(t, got.rows, 1)
	require.NotNil(t, got.scopes[0].Gap, "the same page for ever is not a complete list")
}

func TestListThatBreaksOff(t *testing.T) {
	got := collectOdd(t, &odd{pages: []*sm.ListSecretsOutput{
		{SecretList: []types.SecretListEntry{entry("a", nil)}, NextToken: aws.String("1")}, nil,
	}})
	assert.Len(t, got.rows, 1, "what was listed stays")
	assert.Equal(t, &model.Unknown{Reason: model.ReasonFailed, Action: list, Detail: "InternalServiceError: later"}, got.scopes[0].Gap)
}

func TestWhatAWSLeavesOut(t *testing.T) {
	got := collectOdd(t, only(types.SecretListEntry{Name: aws.String("nameless")}, entry("a", func(s *types.SecretListEntry) {
		s.CreatedDate, s.LastChangedDate = nil, nil
		s.RotationEnabled = aws.Bool(true)
	})))
	require.Len(t, got.rows, 1)
	require.NotNil(t, got.scopes[0].Gap)
	s := got.secret(t, "a")
	for _, a := range []model.Attribute{s.CreatedAt, s.LastChangedAt, s.CreatedDaysAgo, s.RotationIntervalDays} {
		assert.Equal(t, model.ReasonFailed, a.Why().Reason)
		assert.Equal(t, list, a.Why().Action)
	}
	assert.Equal(t, model.Known([]model.Version{}), s.Versions)
	assert.Equal(t, model.Known(false), s.HasCurrentValue)
}

func TestScheduleThatCannotBeRead(t *testing.T) {
	rules := func(expr, window string) func(*types.SecretListEntry) {
		return func(s *types.SecretListEntry) {
			s.RotationEnabled = aws.Bool(true)
			s.RotationRules = &types.RotationRulesType{ScheduleExpression: aws.String(expr), AutomaticallyAfterDays: aws.Int64(3), Duration: aws.String(window)}
		}
	}
	got := collectOdd(t, only(entry("bad", rules("cron(whenever)", "3 hours")), entry("good", rules("rate(10 days)", ""))))
	bad := got.secret(t, "bad")
	assert.Contains(t, bad.RotationIntervalDays.Why().Detail, "cron(whenever)", "the days that AWS shows beside it are not the schedule")
	assert.Contains(t, bad.RotationWindowHours.Why().Detail, "3 hours")
	assert.Equal(t, model.Known(true), bad.RotationEnabled)
	good := got.secret(t, "good")
	assert.Equal(t, model.Known(10), good.RotationIntervalDays)
	assert.Equal(t, model.None[int](), good.RotationDays)
	assert.Equal(t, model.None[int](), good.RotationWindowHours)
}

func TestKeyReferences(t *testing.T) {
	const id = "1234abcd-12ab-34cd-56ef-1234567890ab"
	for given, want := range map[string]string{
		"arn:aws:kms:us-east-1:111122223333:key/" + id: "arn:aws:kms:us-east-1:111122223333:key/" + id,
		"arn:aws:kms:us-east-1:999988887777:key/" + id: "arn:aws:kms:us-east-1:999988887777:key/" + id,
		"arn:aws:kms:us-east-1:111122223333:alias/app": "arn:aws:kms:us-east-1:111122223333:alias/app",
		id:                                     "arn:aws:kms:us-east-1:111122223333:key/" + id,
		"mrk-1234abcd12ab34cd56ef1234567890ab": "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
		"alias/app":                            "arn:aws:kms:us-east-1:111122223333:alias/app",
		"alias/aws/secretsmanager":             "",
		"":                                     "",
		"arn:aws:kms:us-east-1:111122223333:alias/aws/secretsmanager": "",
	} {
		got := collectOdd(t, only(entry("a", func(s *types.SecretListEntry) { s.KmsKeyId = aws.String(given) })))
		ref, s := got.rows["a"].Refs["key"], got.secret(t, "a")
		assert.Equal(t, want == "", s.DefaultKey.Or(false), given)
		if want == "" {
			assert.Equal(t, model.None[model.ResourceID](), got.rows["a"].Refs["key"], given)
			continue
		}
		to, ok := ref.Get()
		require.True(t, ok, given)
		assert.Equal(t, want, to.ID)
		assert.Equal(t, strings.Split(want, ":")[4], to.Account)
		assert.Equal(t, model.Known(given), s.KMSKey)
	}
}

func TestReplicaStates(t *testing.T) {
	o := only(entry("a", nil))
	o.describe = func() (*sm.DescribeSecretOutput, error) {
		return &sm.DescribeSecretOutput{ReplicationStatus: []types.ReplicationStatusType{
			{Region: aws.String("us-west-2"), Status: types.StatusTypeFailed, StatusMessage: aws.String("exists"), KmsKeyId: aws.String("alias/aws/secretsmanager")},
			{Region: aws.String("eu-west-1"), Status: types.StatusTypeInProgress, KmsKeyId: aws.String("alias/mine")},
		}}, nil
	}
	s := collectOdd(t, o).secret(t, "a")
	assert.Equal(t, model.Known([]model.Replica{{Region: "eu-west-1", KMSKey: "alias/mine"}, {Region: "us-west-2", DefaultKey: true}}), s.Replicas)
	assert.Equal(t, model.Known([]model.ReplicaState{
		{Region: "eu-west-1", Status: "InProgress"}, {Region: "us-west-2", Status: "Failed", Message: "exists"},
	}), s.ReplicaStates)
}
