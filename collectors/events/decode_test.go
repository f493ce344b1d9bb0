package events

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestTargets: the places where real records name what they are about.
func TestTargets(t *testing.T) {
	const secret, other = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-AbCdEf"
	service := []string{`eventType="AwsServiceEvent"`, `requestParameters=null`}
	tests := []struct {
		name    string
		changes []string
		want    []string // nil: unknown
	}{
		{"read", nil, []string{"db"}},
		{"deleted", []string{`eventName="DeleteSecret"`, `responseElements={"aRN":"` + secret + `","name":"db"}`}, []string{secret, "db"}},
		{"created", []string{`eventName="CreateSecret"`, `requestParameters={"name":"db"}`, `responseElements={"arn":"` + secret + `"}`}, []string{secret, "db"}},
		{"rotated", append(service, `eventName="RotationSucceeded"`, `additionalEventData={"SecretId":"`+secret+`"}`), []string{secret}},
		{"version deleted", append(service, `eventName="EndSecretVersionDelete"`, `additionalEventData={"ARN":"`+secret+`","Name":"db"}`), []string{secret}},
		{"key rotated", append(service, `eventName="RotateKey"`, `eventSource="kms.amazonaws.com"`, `serviceEventDetails={"keyId":"k1"}`), []string{"k1"}},
		{"several", []string{`eventName="BatchGetSecretValue"`, `requestParameters={"secretIdList":["a","b","a"]}`}, []string{"a", "b"}},
		{"by filter", []string{`eventName="BatchGetSecretValue"`, `requestParameters={"filters":[{"key":"name"}]}`}, []string{}},
		{"parameters", []string{`eventSource="ssm.amazonaws.com"`, `eventName="GetParameters"`, `requestParameters={"names":["/a","/b"]}`, `resources=[{"accountId":"1","ARN":"arn:aws:ssm:eu-west-1:1:parameter/a"}]`},
			[]string{"arn:aws:ssm:eu-west-1:1:parameter/a", "/a", "/b"}},
		{"two resources", []string{`resources=[{"ARN":"` + secret + `"},{"ARN":"` + other + `"}]`, `requestParameters={}`}, []string{secret, other}},
		{"trail", []string{`eventSource="cloudtrail.amazonaws.com"`, `eventName="StopLogging"`, `requestParameters={"name":"audit"}`}, []string{"audit"}},
		{"hidden request", []string{`requestParameters=null`, `errorCode="AccessDenied"`}, nil},
		{"omitted request", []string{`requestParameters={"omitted":true,"reason":"requestParameters too large"}`}, nil},
		{"denied, in AWS's words", []string{`requestParameters=null`, `errorCode="AccessDenied"`,
			`errorMessage="User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: secretsmanager:GetSecretValue on resource: db because no identity-based policy allows the secretsmanager:GetSecretValue action"`}, []string{"db"}},
		{"denied, by ARN", []string{`requestParameters=null`, `errorCode="AccessDenied"`,
			`errorMessage="User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: secretsmanager:GetSecretValue on resource: ` + secret + `"`}, []string{secret}},
		{"denied, of no resource", []string{`requestParameters=null`, `errorCode="AccessDenied"`,
			`errorMessage="User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: kms:CreateKey on resource: *"`}, nil},
		{"another message", []string{`requestParameters=null`, `errorCode="ValidationException"`, `errorMessage="put it on resource: db"`}, nil},
		{"of another type", []string{`requestParameters={"secretId":{"a":1}}`}, nil},
		{"service event without a name", service, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Decode([]byte(rec(tt.changes...)))
			require.NoError(t, err)
			got, known := e.Targets.Get()
			assert.Equal(t, tt.want != nil, known)
			assert.Equal(t, tt.want, got)
			if !known {
				assert.NotEqual(t, model.ReasonNotCollected, e.Targets.Why().Reason)
			}
		})
	}
}

// TestRequest: what is left out is absent, what is hidden or strange is unknown,
// and never the other way round.
func TestRequest(t *testing.T) {
	read := func(request string) model.EventRequest {
		e, err := Decode([]byte(rec("requestParameters=" + request)))
		require.NoError(t, err)
		return e.Request
	}
	r := read(`{"secretId":"db","forceDeleteWithoutRecovery":true,"recoveryWindowInDays":7,"resourcePolicy":"{}","blockPublicPolicy":false,"kmsKeyId":"k","addReplicaRegions":[{"region":"us-east-1"}]}`)
	assert.Equal(t, model.Known(true), r.ForceDelete)
	assert.Equal(t, model.Known(7), r.RecoveryDays)
	assert.Equal(t, model.Known("{}"), r.Policy)
	assert.Equal(t, model.Known(false), r.BlockPublic)
	assert.Equal(t, model.Known("k"), r.Key)
	assert.Equal(t, model.Known([]string{"us-east-1"}), r.ReplicaRegions)
	assert.Equal(t, model.StateAbsent, r.Grantee.State())

	assert.Equal(t, model.StateAbsent, read(`{"secretId":"db"}`).ForceDelete.State())
	assert.Equal(t, model.StateUnknown, read(`null`).ForceDelete.State())
	assert.Equal(t, model.ReasonNotInSource, read(`null`).Policy.Why().Reason)
	for _, omitted := range []string{`true`, `"true"`} {
		tooLarge := read(`{"omitted":` + omitted + `,"originalSize":149893,"reason":"requestParameters too large"}`)
		assert.Equal(t, model.ReasonNotInSource, tooLarge.Policy.Why().Reason)
		assert.Equal(t, model.StateUnknown, tooLarge.PolicyPublic.State())
		assert.Equal(t, model.StateUnknown, tooLarge.Excluded.State())
	}
	strange := read(`{"forceDeleteWithoutRecovery":"maybe","recoveryWindowInDays":"seven","addReplicaRegions":"all"}`)
	assert.Equal(t, model.ReasonFailed, strange.ForceDelete.Why().Reason)
	assert.Equal(t, model.ReasonFailed, strange.RecoveryDays.Why().Reason)
	assert.Equal(t, model.ReasonFailed, strange.ReplicaRegions.Why().Reason)
}

// TestOutcome: service events have a message without a code.
func TestOutcome(t *testing.T) {
	for want, changes := range map[model.Outcome][][]string{
		model.OutcomeDone:   {nil, {`errorCode=null`}},
		model.OutcomeDenied: {{`errorCode="AccessDenied"`}, {`errorCode="AccessDeniedException"`}, {`errorCode="Client.UnauthorizedOperation"`}},
		model.OutcomeFailed: {{`errorCode="ResourceNotFoundException"`}, {`eventType="AwsServiceEvent"`, `errorMessage="Error when executing lambda"`}},
	} {
		for _, c := range changes {
			e, err := Decode([]byte(rec(c...)))
			require.NoError(t, err)
			assert.Equal(t, model.Known(want), e.Outcome, c)
		}
	}
}

// TestNoValueIsKept: whatever a caller sends, and whatever an error repeats of it,
// is in no event.
func TestNoValueIsKept(t *testing.T) {
	const value = "correct horse battery staple"
	for _, changes := range [][]string{
		{`requestParameters={"secretId":"db","secretString":"` + value + `","secretBinary":"` + value + `","clientRequestToken":"` + value + `"}`},
		{`eventSource="ssm.amazonaws.com"`, `eventName="PutParameter"`, `requestParameters={"name":"/db","type":"String","value":"` + value + `"}`},
		{`eventSource="rds.amazonaws.com"`, `requestParameters={"masterUserPassword":"` + value + `"}`},
		{`eventSource="lambda.amazonaws.com"`, `requestParameters={"environment":{"variables":{"PASSWORD":"` + value + `"}}}`, `responseElements={"environment":"` + value + `"}`},
		{`errorCode="ValidationException"`, `errorMessage="Value '` + value + `' at 'secretString' failed to satisfy constraint"`},
		{`additionalEventData={"SecretString":"` + value + `"}`, `serviceEventDetails={"value":"` + value + `"}`},
	} {
		e, err := Decode([]byte(rec(changes...)))
		require.NoError(t, err)
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		assert.False(t, strings.Contains(string(raw), value), string(raw))
	}
}

// TestNewValue: which calls make another value the current one, as far as the
// record tells.
func TestNewValue(t *testing.T) {
	const put, update, create, stage = `eventName="PutSecretValue"`, `eventName="UpdateSecret"`, `eventName="CreateSecret"`, `eventName="UpdateSecretVersionStage"`
	arn := `"arn":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"`
	for _, tt := range []struct {
		name    string
		changes []string
		want    string // true, false, absent or unknown
	}{
		{"put", []string{put, `requestParameters={"secretId":"db","clientRequestToken":"x"}`, `responseElements={` + arn + `}`}, "true"},
		{"put by a rotation function", []string{put, `requestParameters={"secretId":"db","versionStages":["AWSPENDING"]}`}, "false"},
		{"put as current", []string{put, `requestParameters={"secretId":"db","versionStages":["AWSCURRENT","mine"]}`}, "true"},
		{"put, hidden", []string{put, `requestParameters=null`}, "unknown"},
		{"update, as most records have it", []string{update, `requestParameters={"secretId":"db","clientRequestToken":"x"}`, `responseElements={` + arn + `}`}, "unknown"},
		{"update with a version", []string{update, `requestParameters={"secretId":"db"}`, `responseElements={` + arn + `,"versionId":"v"}`}, "true"},
		{"update with a hidden value", []string{update, `requestParameters={"secretId":"db","secretString":"HIDDEN_DUE_TO_SECURITY_REASONS"}`}, "true"},
		{"create", []string{create, `requestParameters={"name":"db","clientRequestToken":"x"}`, `responseElements={` + arn + `}`}, "unknown"},
		{"label moved", []string{stage, `requestParameters={"secretId":"db","versionStage":"AWSCURRENT","moveToVersionId":"a","removeFromVersionId":"b"}`}, "true"},
		{"another label", []string{stage, `requestParameters={"secretId":"db","versionStage":"AWSPENDING","removeFromVersionId":"b"}`}, "false"},
		{"parameter", []string{`eventSource="ssm.amazonaws.com"`, `eventName="PutParameter"`, `requestParameters={"name":"/a","value":"HIDDEN_DUE_TO_SECURITY_REASONS"}`}, "true"},
		{"read", nil, "absent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Decode([]byte(rec(tt.changes...)))
			require.NoError(t, err)
			got := map[model.State]string{model.StateAbsent: "absent", model.StateUnknown: "unknown"}[e.Request.NewValue.State()]
			if v, ok := e.Request.NewValue.Get(); ok {
				got = map[bool]string{true: "true", false: "false"}[v]
			}
			assert.Equal(t, tt.want, got)
			raw, err := json.Marshal(e)
			require.NoError(t, err)
			assert.NotContains(t, string(raw), "HIDDEN")
		})
	}
}
