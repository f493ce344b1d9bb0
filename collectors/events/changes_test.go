package events

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestChanges: what calls change, in the shapes of real records.
func TestChanges(t *testing.T) {
	read := func(changes ...string) model.EventRequest {
		e, err := Decode([]byte(rec(changes...)))
		require.NoError(t, err)
		return e.Request
	}
	const open = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}`
	const other = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::999999999999:root","arn:aws:iam::111122223333:root"]},"Action":"s3:*","Resource":"*"}]}`
	r := read(`eventName="PutResourcePolicy"`, `requestParameters={"secretId":"db","resourcePolicy":"`+open+`"}`)
	assert.Equal(t, model.Known(true), r.PolicyPublic)
	r = read(`eventSource="s3.amazonaws.com"`, `eventName="PutBucketPolicy"`, `requestParameters={"bucketName":"b","bucketPolicy":`+other+`}`)
	assert.Equal(t, model.Known(false), r.PolicyPublic)
	assert.Equal(t, model.Known([]string{"999999999999"}), r.PolicyAccounts)
	assert.Equal(t, model.Known([]string{}), r.PolicyNetworks)
	r = read(`eventName="PutResourcePolicy"`, `requestParameters={"secretId":"db","resourcePolicy":"`+strings.Replace(open, `}]`, `,\"Condition\":{\"StringEquals\":{\"aws:SourceVpce\":\"vpce-1\"}}}]`, 1)+`"}`)
	assert.Equal(t, model.Known(false), r.PolicyPublic)
	assert.Equal(t, model.Known([]string{"vpce-1"}), r.PolicyNetworks)
	r = read(`eventName="PutResourcePolicy"`, `requestParameters={"secretId":"db","resourcePolicy":"no policy"}`)
	assert.Equal(t, model.StateUnknown, r.PolicyNetworks.State())
	assert.Equal(t, model.StateUnknown, r.PolicyPublic.State())
	assert.Equal(t, model.StateUnknown, read(`eventName="PutResourcePolicy"`, `requestParameters=null`).PolicyPublic.State())
	r = read(`eventName="PutResourcePolicy"`, `recipientAccountId=null`, `requestParameters={"secretId":"db","resourcePolicy":"`+open+`"}`)
	assert.Equal(t, model.Known(true), r.PolicyPublic)
	assert.Equal(t, model.StateUnknown, r.PolicyAccounts.State(), "nobody knows which account is another")

	r = read(`eventSource="ssm.amazonaws.com"`, `eventName="PutResourcePolicy"`, `requestParameters={"resourceArn":"arn:aws:ssm:us-east-1:111122223333:parameter/a","policy":"`+open+`"}`)
	assert.Equal(t, model.Known(true), r.PolicyPublic)
	assert.Equal(t, model.Known([]string{}), r.PolicyAccounts)
	r = read(`eventSource="ssm.amazonaws.com"`, `eventName="PutParameter"`, `requestParameters={"name":"/a","type":"String","overwrite":true}`)
	assert.Equal(t, model.Known(true), r.Overwrite)
	assert.Equal(t, model.Known("String"), r.ParameterType)
	r = read(`eventSource="rds.amazonaws.com"`, `eventName="ModifyDBInstance"`, `requestParameters={"dBInstanceIdentifier":"shop","masterUserPassword":"****","manageMasterUserPassword":false}`)
	assert.Equal(t, model.Known(true), r.MasterPassword)
	assert.Equal(t, model.Known(false), r.ManagedSecret)
	assert.Equal(t, model.Known(false), read(`eventSource="rds.amazonaws.com"`, `eventName="ModifyDBInstance"`, `requestParameters={"dBInstanceIdentifier":"shop"}`).MasterPassword)
	assert.Equal(t, model.StateUnknown, read(`eventSource="rds.amazonaws.com"`, `eventName="ModifyDBInstance"`, `requestParameters=null`).MasterPassword.State())
	r = read(`eventSource="lambda.amazonaws.com"`, `eventName="AddPermission20150331v2"`, `requestParameters={"functionName":"f","principal":"*"}`)
	assert.Equal(t, model.Known("*"), r.Grantee)
	r = read(`eventSource="lambda.amazonaws.com"`, `eventName="AddPermission20150331v2"`, `requestParameters={"functionName":"f","principal":"*","principalOrgID":"o-a1b2c3d4e5"}`)
	assert.Equal(t, model.Known("o-a1b2c3d4e5"), r.Grantee)
	r = read(`eventSource="lambda.amazonaws.com"`, `eventName="UpdateFunctionConfiguration20150331v2"`, `requestParameters={"functionName":"f","role":"r"}`)
	assert.Equal(t, model.Known("r"), r.Role)
	assert.Equal(t, model.StateAbsent, read(`requestParameters={"secretId":"db"}`).Role.State())
	r = read(`eventSource="cloudtrail.amazonaws.com"`, `eventName="UpdateTrail"`, `requestParameters={"name":"t","isOrganizationTrail":false,"includeGlobalServiceEvents":false}`)
	assert.Equal(t, model.Known(false), r.Organization)
	assert.Equal(t, model.Known(false), r.GlobalEvents)
	r = read(`eventSource="cloudtrail.amazonaws.com"`, `eventName="UpdateEventDataStore"`, `requestParameters={"eventDataStore":"e","organizationEnabled":false}`)
	assert.Equal(t, model.Known(false), r.Organization)
	assert.Equal(t, model.StateAbsent, r.GlobalEvents.State())
}

// TestSelectors: what selectors keep of management events.
func TestSelectors(t *testing.T) {
	const category, data = `{"field":"eventCategory","equals":["Management"]}`, `{"fieldSelectors":[{"field":"eventCategory","equals":["Data"]},{"field":"resources.type","equals":["AWS::S3::Object"]}]}`
	for _, c := range []struct {
		name, member, selectors, want string
		excluded                      []string
	}{
		{"all", "eventSelectors", `[{"readWriteType":"All","includeManagementEvents":true,"dataResources":[],"excludeManagementEventSources":[]}]`, "All", []string{}},
		{"by default", "eventSelectors", `[{}]`, "All", []string{}},
		{"reads", "eventSelectors", `[{"readWriteType":"ReadOnly"}]`, "ReadOnly", []string{}},
		{"writes", "eventSelectors", `[{"readWriteType":"WriteOnly"}]`, "WriteOnly", []string{}},
		{"reads and writes", "eventSelectors", `[{"readWriteType":"ReadOnly"},{"readWriteType":"WriteOnly"}]`, "All", []string{}},
		{"data only", "eventSelectors", `[{"includeManagementEvents":false}]`, "None", []string{}},
		{"none", "eventSelectors", `[]`, "None", []string{}},
		{"without KMS", "eventSelectors", `[{"excludeManagementEventSources":["kms.amazonaws.com"]}]`, "All", []string{"kms.amazonaws.com"}},
		{"one of two with KMS", "eventSelectors", `[{"excludeManagementEventSources":["kms.amazonaws.com"]},{}]`, "All", []string{}},
		{"advanced", "advancedEventSelectors", `[{"fieldSelectors":[` + category + `]},` + data + `]`, "All", []string{}},
		{"advanced without KMS", "advancedEventSelectors", `[{"fieldSelectors":[` + category + `,{"field":"eventSource","notEquals":["kms.amazonaws.com"]}]}]`, "All", []string{"kms.amazonaws.com"}},
		{"advanced writes", "advancedEventSelectors", `[{"fieldSelectors":[` + category + `,{"field":"readOnly","equals":["false"]}]}]`, "WriteOnly", []string{}},
		{"advanced with a filter", "advancedEventSelectors", `[{"fieldSelectors":[` + category + `,{"field":"eventName","equals":["DeleteTrail"]}]}]`, "Some", []string{}},
		{"advanced, one of two with a filter", "advancedEventSelectors", `[{"fieldSelectors":[` + category + `,{"field":"eventName","equals":["DeleteTrail"]}]},{"fieldSelectors":[` + category + `]}]`, "All", []string{}},
		{"advanced with two conditions on one field", "advancedEventSelectors", `[{"fieldSelectors":[` + category + `,{"field":"eventSource","notEquals":["kms.amazonaws.com"],"notStartsWith":["secrets"]}]}]`, "Some", []string{"kms.amazonaws.com"}},
		{"reads, and writes without KMS", "eventSelectors", `[{"readWriteType":"ReadOnly"},{"readWriteType":"WriteOnly","excludeManagementEventSources":["kms.amazonaws.com"]}]`, "All", []string{"kms.amazonaws.com"}},
		{"without KMS, and a filter", "advancedEventSelectors", `[{"fieldSelectors":[` + category + `,{"field":"eventSource","notEquals":["kms.amazonaws.com"]}]},{"fieldSelectors":[` + category + `,{"field":"eventName","equals":["DeleteTrail"]}]}]`, "All", []string{"kms.amazonaws.com"}},
		{"advanced data", "advancedEventSelectors", `[` + data + `]`, "None", []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := Decode([]byte(rec(`eventSource="cloudtrail.amazonaws.com"`, `eventName="PutEventSelectors"`, `requestParameters={"trailName":"t","`+c.member+`":`+c.selectors+`}`)))
			require.NoError(t, err)
			assert.Equal(t, model.Known(c.want), e.Request.Management)
			assert.Equal(t, model.Known(c.excluded), e.Request.Excluded)
		})
	}
	strange, err := Decode([]byte(rec(`eventName="PutEventSelectors"`, `requestParameters={"eventSelectors":"all"}`)))
	require.NoError(t, err)
	assert.Equal(t, model.StateUnknown, strange.Request.Management.State())
	other, err := Decode([]byte(rec()))
	require.NoError(t, err)
	assert.Equal(t, model.StateAbsent, other.Request.Management.State())
}
