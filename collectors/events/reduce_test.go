package events

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// TestReduce: a reduced record decodes to the same event, and holds nothing of what
// a caller sent that is not looked at.
func TestReduce(t *testing.T) {
	var all []json.RawMessage
	paths, err := filepath.Glob(filepath.Join(needs.Shared(t, "../..", "corpora", "events"), "*", "*", "*.json"))
	require.NoError(t, err)
	more, err := filepath.Glob(filepath.Join(needs.Shared(t, "../..", "corpora", "events"), "stratus/docs/detonation-logs/*.json"))
	require.NoError(t, err)
	for _, path := range append(paths, more...) {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		var doc struct{ Records []json.RawMessage }
		if json.Unmarshal(raw, &doc) == nil || json.Unmarshal(raw, &doc.Records) == nil {
			all = append(all, doc.Records...)
		}
	}
	for _, name := range []string{"panther-tests.jsonl", "rotation_events.jsonl"} {
		raw, err := os.ReadFile(needs.Shared(t, "../..", "corpora", "events", name))
		require.NoError(t, err)
		for line := range strings.Lines(string(raw)) {
			var sample struct{ Event json.RawMessage }
			require.NoError(t, json.Unmarshal([]byte(line), &sample))
			all = append(all, sample.Event)
		}
	}
	denied := `errorMessage="User: a is not authorized to perform: secretsmanager:GetSecretValue on resource: db because no identity-based policy allows it"`
	for _, changes := range [][]string{
		{`eventName="UpdateSecret"`, `requestParameters={"secretId":"db","secretString":"x"}`}, {`eventName="UpdateSecret"`, `responseElements={"versionId":"v"}`},
		{`eventName="PutSecretValue"`, `requestParameters={"secretId":"db","versionStages":["AWSPENDING"]}`}, {`requestParameters=null`, `errorCode="AccessDenied"`, denied},
		{`eventName="PutResourcePolicy"`, `requestParameters={"omitted":"true","originalSize":"149893","reason":"requestParameters too large"}`},
		{`eventSource="rds.amazonaws.com"`, `eventName="ModifyDBInstance"`, `requestParameters={"masterUserPassword":"****"}`},
		{`eventSource="ssm.amazonaws.com"`, `eventName="GetParametersByPath"`, `requestParameters={"path":"/a","recursive":true}`},
	} {
		all = append(all, json.RawMessage(rec(changes...)))
	}
	require.Greater(t, len(all), 1000)
	for _, raw := range all {
		reduced, err := Reduce(raw)
		require.NoError(t, err)
		want, wantErr := Decode(raw)
		got, err := Decode(reduced)
		require.Equal(t, wantErr, err)
		require.Equal(t, want, got, "%s", raw)
	}
}

func TestReduceLeavesOut(t *testing.T) {
	raw := rec(`requestParameters={"secretId":"db","secretString":"SENTINEL","x":{"y":"SENTINEL"}}`, `responseElements={"aRN":"a","plaintext":"SENTINEL"}`,
		`errorCode="ValidationException"`, `errorMessage="SENTINEL is no name"`, `other="SENTINEL"`, `additionalEventData={"a":"SENTINEL"}`)
	reduced, err := Reduce([]byte(raw))
	require.NoError(t, err)
	assert.NotContains(t, string(reduced), "SENTINEL")
	assert.Contains(t, string(reduced), `"secretId":"db"`)
	service, err := Reduce([]byte(rec(`eventType="AwsServiceEvent"`, `errorMessage="the function timed out"`)))
	require.NoError(t, err)
	assert.Contains(t, string(service), "timed out")
	_, err = Reduce([]byte("[]"))
	require.Error(t, err)
}

// TestTake sorts single records as those of a file are sorted.
func TestTake(t *testing.T) {
	for _, raw := range []string{
		rec(), rec(`eventName="ListSecrets"`), rec(`eventSource="ec2.amazonaws.com"`), rec("eventName="), rec("eventSource=5"), rec(`eventTime="yesterday"`),
		rec(`eventTime="2027-01-01T00:00:00Z"`), rec(`x=1,"eventSource":"s3.amazonaws.com"`), "5", `{"a":tru}`, rec(`awsRegion="us-east-1"`),
	} {
		events, s := readAll(t, archive(map[string][]byte{"a.json": []byte(records(raw))}), Query{})
		q := Query{Now: now}
		got := q.Take([]byte(raw), "", "")
		assert.Equal(t, s.Records.Relevant, len(events))
		assert.Equal(t, s.Records.Relevant == 1, got.Event != nil, raw)
		assert.Equal(t, s.Records.Refused == 1, got.Kind != "", raw)
		if got.Kind != "" {
			assert.Equal(t, s.Problems[0].Kind, got.Kind)
		}
	}
}

// TestNetworkActivity: what went through a VPC endpoint is recorded a second time,
// without its request, and would make rules on it unknown. What the endpoint
// refused is recorded there alone.
func TestNetworkActivity(t *testing.T) {
	q := &Query{}
	network := []string{`eventType="AwsVpceEvent"`, `eventCategory="NetworkActivity"`, `requestParameters=null`, `vpcEndpointId="vpce-1"`}
	require.NotNil(t, q.Take([]byte(rec()), "", "").Event)
	require.Equal(t, Sorted{}, q.Take([]byte(rec(network...)), "", ""))
	refused := q.Take([]byte(rec(append(network, `errorCode="VpceAccessDenied"`)...)), "", "").Event
	require.NotNil(t, refused)
	assert.Equal(t, model.Known(model.OutcomeDenied), refused.Outcome)
}
