package cloudtrail

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
)

func field(name string, set func(*types.AdvancedFieldSelector)) types.AdvancedFieldSelector {
	f := types.AdvancedFieldSelector{Field: aws.String(name)}
	set(&f)
	return f
}

func equals(name string, values ...string) types.AdvancedFieldSelector {
	return field(name, func(f *types.AdvancedFieldSelector) { f.Equals = values })
}

func differs(name string, values ...string) types.AdvancedFieldSelector {
	return field(name, func(f *types.AdvancedFieldSelector) { f.NotEquals = values })
}

func selector(fields ...types.AdvancedFieldSelector) types.AdvancedEventSelector {
	return types.AdvancedEventSelector{FieldSelectors: fields}
}

func TestAdvanced(t *testing.T) {
	management := equals("eventCategory", "Management")
	for name, tt := range map[string]struct {
		list                 []types.AdvancedEventSelector
		read, write, without bool
	}{
		"all":                      {[]types.AdvancedEventSelector{selector(management)}, true, true, false},
		"read only":                {[]types.AdvancedEventSelector{selector(management, equals("readOnly", "true"))}, true, false, false},
		"write only":               {[]types.AdvancedEventSelector{selector(management, equals("readOnly", "false"))}, false, true, false},
		"read or write":            {[]types.AdvancedEventSelector{selector(management, equals("readOnly", "true", "false"))}, true, true, false},
		"without KMS":              {[]types.AdvancedEventSelector{selector(management, differs("eventSource", "kms.amazonaws.com"))}, true, true, true},
		"without KMS and RDS data": {[]types.AdvancedEventSelector{selector(management, differs("eventSource", "kms.amazonaws.com", "rdsdata.amazonaws.com"))}, true, true, true},
		"without RDS data":         {[]types.AdvancedEventSelector{selector(management, differs("eventSource", "rdsdata.amazonaws.com"))}, true, true, false},
		"without another service":  {[]types.AdvancedEventSelector{selector(management, differs("eventSource", "s3.amazonaws.com"))}, false, false, false},
		"of one service":           {[]types.AdvancedEventSelector{selector(management, equals("eventSource", "s3.amazonaws.com"))}, false, false, true},
		"without what starts with k": {[]types.AdvancedEventSelector{selector(management, field("eventSource", func(f *types.AdvancedFieldSelector) {
			f.NotStartsWith = []string{"k"}
		}))}, false, false, true},
		"narrowed by event name": {[]types.AdvancedEventSelector{selector(management, equals("eventName", "GetSecretValue"))}, false, false, true},
		"narrowed by type":       {[]types.AdvancedEventSelector{selector(management, equals("eventType", "AwsServiceEvent"))}, false, false, true},
		"narrowed by session":    {[]types.AdvancedEventSelector{selector(management, equals("sessionCredentialFromConsole", "true"))}, false, false, true},
		"narrowed by user": {[]types.AdvancedEventSelector{selector(management, field("userIdentity.arn", func(f *types.AdvancedFieldSelector) {
			f.NotStartsWith = []string{"arn:aws:iam::1:role/noisy"}
		}))}, false, false, true},
		"narrowed by what may come": {[]types.AdvancedEventSelector{selector(management, equals("moonPhase", "full"))}, false, false, true},
		"data only":                 {[]types.AdvancedEventSelector{selector(equals("eventCategory", "Data"), equals("resources.type", "AWS::S3::Object"))}, false, false, true},
		"named like the console's, data only": {[]types.AdvancedEventSelector{{
			Name: aws.String("Management events selector"), FieldSelectors: []types.AdvancedFieldSelector{equals("eventCategory", "Data")},
		}}, false, false, true},
		"no category":    {[]types.AdvancedEventSelector{selector(equals("readOnly", "true"))}, false, false, true},
		"no field":       {[]types.AdvancedEventSelector{selector(management, types.AdvancedFieldSelector{Equals: []string{"x"}})}, false, false, true},
		"halves":         {[]types.AdvancedEventSelector{selector(management, equals("readOnly", "true")), selector(management, equals("readOnly", "false"))}, true, true, false},
		"KMS by another": {[]types.AdvancedEventSelector{selector(management, differs("eventSource", "kms.amazonaws.com")), selector(management, equals("eventSource", "kms.amazonaws.com"))}, true, true, false},
		"KMS reads only": {[]types.AdvancedEventSelector{
			selector(management, differs("eventSource", "kms.amazonaws.com")),
			selector(management, equals("eventSource", "kms.amazonaws.com"), equals("readOnly", "true")),
		}, true, true, true},
		"data beside": {[]types.AdvancedEventSelector{selector(equals("eventCategory", "Data")), selector(management)}, true, true, false},
		"none":        {nil, false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := advanced(tt.list)
			assert.Equal(t, []bool{tt.read, tt.write, tt.without}, []bool{r.read.others, r.write.others, r.withoutKMS()})
		})
	}
}

func TestClassic(t *testing.T) {
	no, kms := aws.Bool(false), []string{"kms.amazonaws.com"}
	for name, tt := range map[string]struct {
		list                 []types.EventSelector
		read, write, without bool
	}{
		"all":                               {[]types.EventSelector{{ReadWriteType: types.ReadWriteTypeAll, IncludeManagementEvents: aws.Bool(true)}}, true, true, false},
		"defaults":                          {[]types.EventSelector{{}}, true, true, false},
		"read only":                         {[]types.EventSelector{{ReadWriteType: types.ReadWriteTypeReadOnly}}, true, false, false},
		"write only":                        {[]types.EventSelector{{ReadWriteType: types.ReadWriteTypeWriteOnly}}, false, true, false},
		"without KMS":                       {[]types.EventSelector{{ReadWriteType: types.ReadWriteTypeAll, ExcludeManagementEventSources: kms}}, true, true, true},
		"without RDS data":                  {[]types.EventSelector{{ExcludeManagementEventSources: []string{"rdsdata.amazonaws.com"}}}, true, true, false},
		"data only":                         {[]types.EventSelector{{IncludeManagementEvents: no}}, false, false, true},
		"halves":                            {[]types.EventSelector{{ReadWriteType: types.ReadWriteTypeReadOnly}, {ReadWriteType: types.ReadWriteTypeWriteOnly}}, true, true, false},
		"KMS by another":                    {[]types.EventSelector{{ExcludeManagementEventSources: kms}, {}}, true, true, false},
		"KMS writes only":                   {[]types.EventSelector{{ExcludeManagementEventSources: kms}, {ReadWriteType: types.ReadWriteTypeWriteOnly}}, true, true, true},
		"data beside":                       {[]types.EventSelector{{IncludeManagementEvents: no}, {}}, true, true, false},
		"excluded by one that records none": {[]types.EventSelector{{IncludeManagementEvents: no, ExcludeManagementEventSources: kms}, {}}, true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := classic(tt.list)
			assert.Equal(t, []bool{tt.read, tt.write, tt.without}, []bool{r.read.others, r.write.others, r.withoutKMS()})
		})
	}
}
