package redact

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestTagKeys: a key that names somebody is replaced wherever it stands, and one that
// rules ask for, AWS defines or everybody uses stays.
func TestTagKeys(t *testing.T) {
	r := New([]byte("key"), []byte(`not "human-access" in input.resource.tag_keys`))
	r.Keep("acme-centre")
	for _, key := range []string{"acme-centre", "human-access", "Cost_Centre", "cost center", "Owner", "aws:cloudformation:stack-name", "keyproof:secret", "dr", ""} {
		require.Equal(t, key, r.TagKey(key))
	}
	secret := &model.Secret{
		Tags:    model.Known(map[string]string{"owner": "jane", "Apollo-Merger": "yes", "111122223333": "x"}),
		TagKeys: model.Known([]string{"111122223333", "Apollo-Merger", "owner"}),
	}
	raw, err := r.Marshalled(&model.Resource{ID: model.ResourceID{Kind: model.KindSecret, ID: "a"}, Body: secret})
	require.NoError(t, err)
	var back model.Resource
	require.NoError(t, json.Unmarshal(raw, &back))
	tags, _ := back.Body.(*model.Secret).Tags.Get()
	apollo, number := r.TagKey("Apollo-Merger"), r.TagKey("111122223333")
	require.NotEqual(t, "Apollo-Merger", apollo)
	require.Regexp(t, `^\d{12}$`, number)
	require.Equal(t, r.Account("111122223333"), number, "whichever is met first")
	require.Equal(t, map[string]string{"owner": r.Value("jane"), apollo: r.Value("yes"), number: r.Value("x")}, tags)
	list, _ := back.Body.(*model.Secret).TagKeys.Get()
	require.ElementsMatch(t, []string{"owner", apollo, number}, list)
	require.IsIncreasing(t, list)
	const owned = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments-AbCdEf"
	require.Equal(t, r.Name(owned), r.Value(owned), "a tag says which secret a database has")
	require.Equal(t, "a rule asks for "+apollo, r.Text("a rule asks for apollo-merger"))
	require.Equal(t, "aws:resourcetag/owner", r.condition("aws:resourcetag/owner"))
	require.Equal(t, "aws:principaltag/"+r.TagKey("hermes"), r.condition("aws:principaltag/hermes"))
	require.Equal(t, "aws:sourcearn", r.condition("aws:sourcearn"))
}

// TestTagsNotRead: why tags are unknown is no tag.
func TestTagsNotRead(t *testing.T) {
	r := newRedactor()
	why := model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:DescribeSecret"}
	secret := &model.Secret{Tags: model.Missing[map[string]string](why), TagKeys: model.Missing[[]string](why)}
	raw, err := r.Marshalled(&model.Resource{ID: model.ResourceID{Kind: model.KindSecret, ID: "a"}, Body: secret})
	require.NoError(t, err)
	var back model.Resource
	require.NoError(t, json.Unmarshal(raw, &back))
	require.Equal(t, why, back.Body.(*model.Secret).Tags.Why())
	require.Equal(t, why, back.Body.(*model.Secret).TagKeys.Why())
}
