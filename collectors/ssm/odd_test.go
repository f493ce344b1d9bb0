package ssm

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

// odd answers what no endpoint can be made to answer: parameters that change
// while they are read, and members that AWS leaves out.
type odd struct {
	pages  [][]types.ParameterMetadata
	values []types.Parameter
	asked  []*ssm.GetParametersInput
	shares map[string][]types.GetResourcePoliciesResponseEntry // by ARN, one a page
}

func (o *odd) DescribeParameters(_ context.Context, in *ssm.DescribeParametersInput, _ ...func(*ssm.Options)) (*ssm.DescribeParametersOutput, error) {
	at := len(aws.ToString(in.NextToken))
	out := &ssm.DescribeParametersOutput{Parameters: o.pages[at]}
	if at+1 < len(o.pages) {
		out.NextToken = aws.String("xxxxxxxx"[:at+1])
	}
	return out, nil
}

func (o *odd) GetParameters(_ context.Context, in *ssm.GetParametersInput, _ ...func(*ssm.Options)) (*ssm.GetParametersOutput, error) {
	o.asked = append(o.asked, in)
	return &ssm.GetParametersOutput{Parameters: o.values}, nil
}

func (o *odd) GetResourcePolicies(_ context.Context, in *ssm.GetResourcePoliciesInput, _ ...func(*ssm.Options)) (*ssm.GetResourcePoliciesOutput, error) {
	list, at := o.shares[*in.ResourceArn], len(aws.ToString(in.NextToken))
	if len(list) == 0 {
		return &ssm.GetResourcePoliciesOutput{}, nil
	}
	out := &ssm.GetResourcePoliciesOutput{Policies: list[at : at+1]}
	if at+1 < len(list) {
		out.NextToken = aws.String("xxxxxxxx"[:at+1])
	}
	return out, nil
}

func (*odd) GetResources(context.Context, *resourcegroupstaggingapi.GetResourcesInput, ...func(*resourcegroupstaggingapi.Options)) (*resourcegroupstaggingapi.GetResourcesOutput, error) {
	return &resourcegroupstaggingapi.GetResourcesOutput{}, nil
}

func plain(name string) types.ParameterMetadata {
	return types.ParameterMetadata{Name: aws.String(name), Type: types.ParameterTypeString, Version: 1, LastModifiedDate: aws.Time(time.Unix(0, 0))}
}

func scan(t *testing.T, o *odd) map[string]*model.Parameter {
	t.Helper()
	detector, err := detect.New()
	require.NoError(t, err)
	spool, err := model.NewSpool(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, spool.Close()) }()
	snap, err := collectors.Run(t.Context(), collectors.Plan{Cells: []collectors.CellPlan{{
		Cell:   collectors.CellID{Partition: "aws", Account: "111122223333", Region: "us-east-1"},
		Stages: [][]collectors.Collector{{&Collector{ssm: o, tags: o, detector: detector}}},
	}}}, spool)
	require.NoError(t, err)
	list := map[string]*model.Parameter{}
	for r, err := range snap.Resources {
		require.NoError(t, err)
		list[r.Name] = r.Body.(*model.Parameter)
	}
	return list
}

func TestChangedDuringTheScan(t *testing.T) {
	newer := plain("/a")
	newer.Version = 2
	got := scan(t, &odd{
		pages: [][]types.ParameterMetadata{{plain("/a"), plain("/gone")}, {newer, plain("/sealed")}, {}},
		values: []types.Parameter{
			{Name: aws.String("/a"), Type: types.ParameterTypeString, Value: aws.String("x")},
			{Name: aws.String("/sealed"), Type: types.ParameterTypeSecureString, Value: aws.String("kms:SENTINEL")},
		},
	})
	require.Len(t, got, 3)
	assert.Equal(t, model.Known(1), got["/a"].Version, "listed twice, kept once")
	assert.Equal(t, model.Known([]model.Credential{}), got["/a"].Credentials)
	for name, detail := range map[string]string{
		"/gone": "it was deleted during the scan", "/sealed": "it became a SecureString during the scan",
	} {
		assert.Equal(t, model.Unknown{Reason: model.ReasonFailed, Action: "ssm:GetParameters", Detail: detail}, got[name].Credentials.Why(), name)
	}
}

func TestMissingMembers(t *testing.T) {
	sealed := types.ParameterMetadata{Name: aws.String("/sealed"), Type: types.ParameterTypeSecureString}
	strange := types.ParameterMetadata{Name: aws.String("/strange"), Type: "Vector"}
	expiring := plain("/expiring")
	expiring.Policies = []types.ParameterInlinePolicy{{PolicyType: aws.String("Expiration"), PolicyText: aws.String(`{"Attributes":{"Timestamp":"soon"}}`)}}
	o := &odd{pages: [][]types.ParameterMetadata{{sealed, strange, expiring}}}
	got := scan(t, o)
	require.Len(t, o.asked, 1)
	assert.Equal(t, []string{"/expiring"}, o.asked[0].Names, "plain parameters only")
	assert.Equal(t, aws.Bool(false), o.asked[0].WithDecryption, "and never decrypted")

	assert.Equal(t, model.StateUnknown, got["/sealed"].DefaultKey.State(), "no key shown is no default key")
	assert.Equal(t, model.StateUnknown, got["/sealed"].KMSKey.State())
	assert.Equal(t, model.StateUnknown, got["/sealed"].Tier.State())
	assert.Equal(t, model.StateUnknown, got["/sealed"].LastModifiedAt.State())
	assert.Equal(t, model.StateUnknown, got["/strange"].Credentials.State(), "a type that is not known is not read")
	assert.Equal(t, model.Known([]string{"Expiration"}), got["/expiring"].Policies)
	assert.Equal(t, model.ReasonFailed, got["/expiring"].ExpiresAt.Why().Reason)
}

func TestKeys(t *testing.T) {
	const mine = "arn:aws:kms:us-east-1:111122223333:"
	for key, want := range map[string]struct {
		id        string
		byDefault bool
	}{
		"alias/aws/ssm":                                {mine + "alias/aws/ssm", true},
		mine + "alias/aws/ssm":                         {mine + "alias/aws/ssm", true},
		"alias/app":                                    {mine + "alias/app", false},
		"1234abcd-12ab-34cd-56ef-1234567890ab":         {mine + "key/1234abcd-12ab-34cd-56ef-1234567890ab", false},
		"arn:aws:kms:us-east-1:444455556666:key/other": {"arn:aws:kms:us-east-1:444455556666:key/other", false},
	} {
		cell := &collectors.Cell{CellID: collectors.CellID{Partition: "aws", Account: "111122223333", Region: "us-east-1"}}
		r := parameter(cell, &types.ParameterMetadata{Name: aws.String("/x"), Type: types.ParameterTypeSecureString, KeyId: aws.String(key)}, tagList{}, nil, nil)
		id, ok := r.Refs["key"].Get()
		require.True(t, ok)
		assert.Equal(t, want.id, id.ID, key)
		assert.Equal(t, model.Known(want.byDefault), r.Body.(*model.Parameter).DefaultKey, key)
		assert.Equal(t, model.Known(key), r.Body.(*model.Parameter).KMSKey)
	}
}

func TestTagsWithTwoSlashes(t *testing.T) {
	list := tagList{byARN: map[string]map[string]string{normal("arn:aws:ssm:us-east-1:1:parameter//a/b"): {"k": "v"}}}
	assert.Equal(t, model.Known(map[string]string{"k": "v"}), list.of("arn:aws:ssm:us-east-1:1:parameter/a/b"))
	assert.Equal(t, model.Known(map[string]string{}), list.of("arn:aws:ssm:us-east-1:1:parameter/a"))
}

// TestShares: policies may be on several pages, and one without a text could be
// any; a tier that AWS leaves out is no standard one.
func TestShares(t *testing.T) {
	const arn = "arn:aws:ssm:us-east-1:111122223333:parameter/"
	entry := func(account string) types.GetResourcePoliciesResponseEntry {
		return types.GetResourcePoliciesResponseEntry{Policy: aws.String(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"` + account + `"},"Action":"ssm:GetParameter","Resource":"*"}]}`)}
	}
	advanced, empty, standard := plain("/advanced"), plain("/empty"), plain("/standard")
	advanced.Tier, empty.Tier, standard.Tier = types.ParameterTierAdvanced, types.ParameterTierIntelligentTiering, types.ParameterTierStandard
	got := scan(t, &odd{
		pages: [][]types.ParameterMetadata{{advanced, empty, standard, plain("/tierless")}},
		shares: map[string][]types.GetResourcePoliciesResponseEntry{
			arn + "advanced": {entry("111122223333"), entry("999988887777")},
			arn + "empty":    {entry("111122223333"), {PolicyId: aws.String("p")}},
			arn + "standard": {entry("999988887777")},
			arn + "tierless": {entry("999988887777")},
		},
	})
	assert.Len(t, got["/advanced"].PolicyStatements.Or(nil), 2)
	assert.Equal(t, []string{"999988887777"}, got["/advanced"].PolicyStatements.Or(nil)[1].Accounts)
	why := model.Unknown{Reason: model.ReasonFailed, Action: "ssm:GetResourcePolicies", Detail: "AWS left out the text of a policy"}
	assert.Equal(t, why, got["/empty"].PolicyPresent.Why())
	assert.Equal(t, why, got["/empty"].OutsideAccounts.Why())
	assert.Equal(t, model.Known(false), got["/standard"].PolicyPresent, "which AWS lets nobody share: not asked for")
	assert.Equal(t, model.Known(true), got["/tierless"].PolicyPresent)
}
