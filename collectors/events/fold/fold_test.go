package fold

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestFacts folds records in the shapes that CloudTrail writes, and asks for what they
// prove. want is attribute=value; a value that ends in … is a beginning.
func TestFacts(t *testing.T) {
	byARN, byName := request(`"secretId":"`+dbARN+`"`), request(`"secretId":"db"`)
	rotation := func(daysAgo int, name string) string {
		return rec(daysAgo, name, service, `"additionalEventData":{"SecretId":"`+dbARN+`"}`)
	}
	denied := `"requestParameters":null,"errorCode":"AccessDenied","errorMessage":"User: ` + roleARN + ` is not authorized to perform: secretsmanager:GetSecretValue on resource: db because no identity-based policy allows the secretsmanager:GetSecretValue action"`
	put := request(`"secretId":"` + dbARN + `","clientRequestToken":"x"`)
	for _, tt := range []struct {
		name    string
		records []string
		of      string // ARN; empty: the secret
		want    []string
	}{
		{"nothing happened", nil, "", []string{
			"record_days=90", "readers=[]", "more_readers=0", "last_read_event_days_ago=unknown: not collected: CloudTrail's record shows none, and begins on 2025-12-14", "unread_days_at_least=90",
			"last_human_read_days_ago=absent", "last_human_reader=absent", "denied_attempts=0", "denied_in_a_day=0", "denied_in_a_day_at_least=0", "last_denied_days_ago=absent", "denied_to=[]",
			"last_value_event_days_ago=absent", "last_human_value_days_ago=absent", "policy_changed_days_ago=absent", "rotation_failing=absent", "rotation_failures=0", "unrotated_days_at_least=90",
		}},
		{"read by name, by a person", []string{rec(3, "GetSecretValue", byName)}, "", []string{
			`readers=[{"principal":"` + adaARN + `","kind":"human","count":1,"first_days_ago":3,"last_days_ago":3}]`,
			"last_read_event_days_ago=3", "unread_days_at_least=3", "last_human_read_days_ago=3", `last_human_reader="` + adaARN + `"`, "last_value_event_days_ago=absent",
		}},
		{"read by ARN, by a workload", []string{rec(5, "GetSecretValue", byARN, workload), rec(9, "GetSecretValue", byARN, workload)}, "", []string{
			`readers=[{"principal":"` + roleARN + `","kind":"workload","count":2,"first_days_ago":9,"last_days_ago":5}]`,
			"last_read_event_days_ago=5", "last_human_read_days_ago=absent",
		}},
		{"read by an ARN without its random characters", []string{rec(5, "GetSecretValue", request(`"secretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"`))}, "", []string{"last_read_event_days_ago=5"}},
		{"a read that failed", []string{rec(5, "GetSecretValue", byName, `"errorCode":"ThrottlingException"`)}, "", []string{"readers=[]", "denied_attempts=0"}},
		{"metadata are no value", []string{rec(5, "DescribeSecret", byName), rec(5, "DescribeSecret", byName, `"errorCode":"AccessDenied"`)}, "", []string{"readers=[]", "denied_attempts=0"}},
		{"by a batch: the record of each secret counts", []string{rec(5, "BatchGetSecretValue", request(`"secretIdList":["db"]`)), rec(5, "GetSecretValue", byARN)}, "", []string{
			`readers=[{"principal":"` + adaARN + `","kind":"human","count":1,"first_days_ago":5,"last_days_ago":5}]`}},
		{"put by a person", []string{rec(7, "PutSecretValue", put, `"responseElements":{"arn":"`+dbARN+`"}`)}, "", []string{
			"last_value_event_days_ago=7", `last_value_by="` + adaARN + `"`, "last_human_value_days_ago=7", `last_human_writer="` + adaARN + `"`}},
		{"put as pending", []string{rec(7, "PutSecretValue", request(`"secretId":"db","versionStages":["AWSPENDING"]`))}, "", []string{"last_value_event_days_ago=absent"}},
		{"an update that may have stored a value", []string{rec(7, "UpdateSecret", put), rec(9, "PutSecretValue", put)}, "", []string{
			"last_value_event_days_ago=unknown: not in this source: the record of 2026-03-07 does not say whether it stored a value", "last_human_value_days_ago=unknown…"}},
		{"such an update before a sure one", []string{rec(9, "UpdateSecret", put), rec(7, "PutSecretValue", put)}, "", []string{"last_value_event_days_ago=7", "last_human_value_days_ago=7"}},
		{"such an update by a workload", []string{rec(7, "UpdateSecret", put, workload)}, "", []string{"last_value_event_days_ago=unknown…", "last_human_value_days_ago=absent"}},
		{"rotated", []string{rotation(30, "RotationStarted"), rotation(30, "RotationSucceeded")}, "", []string{
			"last_rotation_event_days_ago=30", "unrotated_days_at_least=30", "rotation_failing=false", "rotation_failures=0", "last_rotation_start_days_ago=30",
			"last_value_event_days_ago=30", `last_value_by="secretsmanager.amazonaws.com"`, "last_human_value_days_ago=absent"}},
		{"rotation failed since", []string{rotation(60, "RotationSucceeded"), rotation(30, "RotationFailed"), rotation(29, "RotationAbandoned")}, "", []string{
			"last_rotation_event_days_ago=60", "rotation_failing=true", "rotation_failures=2"}},
		{"rotation failed before", []string{rotation(30, "RotationFailed"), rotation(28, "RotationSucceeded")}, "", []string{"rotation_failing=false", "rotation_failures=1"}},
		{"a test rotates nothing", []string{rotation(30, "TestRotationSucceeded")}, "", []string{"rotation_failing=absent", "last_value_event_days_ago=absent"}},
		{"never rotated in the record", []string{rotation(30, "RotationFailed")}, "", []string{"last_rotation_event_days_ago=unknown…", "unrotated_days_at_least=90", "rotation_failing=true"}},
		{"denied, in AWS's words", []string{rec(4, "GetSecretValue", denied, workload), rec(4, "GetSecretValue", denied, workload), rec(2, "GetSecretValue", denied)}, "", []string{
			"denied_attempts=3", "denied_in_a_day=2", "denied_in_a_day_at_least=2", "last_denied_days_ago=2", `denied_to=["` + roleARN + `","` + adaARN + `"]`, "last_read_event_days_ago=unknown…"}},
		{"denied to delete", []string{rec(4, "DeleteSecret", byName, `"errorCode":"AccessDenied"`)}, "", []string{"denied_attempts=1"}},
		{"denied and nobody knows of what", []string{rec(4, "GetSecretValue", `"requestParameters":null`, `"errorCode":"AccessDenied"`)}, "", []string{
			"denied_attempts=unknown: not in this source: 1 records could be about it and do not say so clearly", "denied_in_a_day_at_least=0", "last_human_read_days_ago=absent"}},
		{"a batch by filters is about no secret", []string{rec(4, "BatchGetSecretValue", request(`"filters":[{"key":"name"}]`), `"errorCode":"AccessDenied"`)}, "", []string{"denied_attempts=0"}},
		{"policy put", []string{rec(8, "PutResourcePolicy", request(`"secretId":"db","resourcePolicy":"{}"`)), rec(12, "DeleteResourcePolicy", byARN)}, "", []string{
			"policy_changed_days_ago=8", `policy_changed_by="` + adaARN + `"`}},
		{"another account's copy of the record", []string{rec(5, "GetSecretValue", byARN, `"recipientAccountId":"`+other+`"`)}, "", []string{"readers=[]"}},
		{"another secret", []string{rec(5, "GetSecretValue", request(`"secretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-ZZZZZZ"`))}, "", []string{"readers=[]"}},
		{"the secret that had its name before", []string{rec(5, "DeleteSecret", byName, `"errorCode":"AccessDenied"`, `"responseElements":{"aRN":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-ZZZZZZ"}`)}, "", []string{"denied_attempts=0"}},
		{"another region", []string{rec(5, "GetSecretValue", byName, `"awsRegion":"us-east-1"`)}, "", []string{"readers=[]"}},

		{"parameter read", []string{rec(5, "GetParameter", request(`"name":"/acme/web/url:3"`)), rec(6, "GetParameters", request(`"names":["/acme/web/url","/acme/x"]`), `"resources":[{"ARN":"`+parameterARN+`"}]`)}, parameterARN, []string{
			`readers=[{"principal":"` + adaARN + `","kind":"human","count":2,"first_days_ago":6,"last_days_ago":5}]`}},
		{"parameter read by its path", []string{rec(5, "GetParametersByPath", request(`"path":"/acme/web/"`))}, parameterARN, []string{"last_human_read_days_ago=5"}},
		{"parameter read from far above", []string{rec(5, "GetParametersByPath", request(`"path":"/","recursive":true`))}, parameterARN, []string{"last_human_read_days_ago=5"}},
		{"only what lies above it", []string{rec(5, "GetParametersByPath", request(`"path":"/acme"`)), rec(5, "GetParametersByPath", request(`"path":"/acme/w","recursive":true`))}, parameterARN, []string{"last_human_read_days_ago=absent"}},
		{"parameter put", []string{rec(5, "PutParameter", request(`"name":"/acme/web/url","value":"HIDDEN_DUE_TO_SECURITY_REASONS","type":"SecureString"`))}, parameterARN, []string{
			"last_value_event_days_ago=5", "last_human_value_days_ago=5"}},

		{"key rotated", []string{rec(20, "RotateKey", `"eventType":"AwsServiceEvent","requestParameters":null,"userIdentity":{"accountId":"111122223333","invokedBy":"AWS Internal"}`, `"serviceEventDetails":{"keyId":"0c1d"}`)}, keyARN, []string{
			"last_rotation_event_days_ago=20", "denied_attempts=0", "record_days=90"}},
		{"key policy", []string{rec(20, "PutKeyPolicy", request(`"keyId":"0c1d","policyName":"default"`), `"resources":[{"ARN":"`+keyARN+`"}]`)}, keyARN, []string{"policy_changed_days_ago=20"}},
		{"key by its alias, denied", []string{rec(20, "DisableKey", request(`"keyId":"alias/data"`), `"errorCode":"AccessDenied"`)}, keyARN, []string{"denied_attempts=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, c := foldInto(t, []*model.Resource{secret(dbARN, nil), parameter(), kmsKey()}, wholeLog(90), decode(t, tt.records...))
			assert.Equal(t, len(tt.records), c.Added)
			assert.Equal(t, c.Added, c.Folded+c.Elsewhere+c.Unresolved+c.Other, "%+v", c)
			of := tt.of
			if of == "" {
				of = dbARN
			}
			for _, w := range tt.want {
				name, value, _ := strings.Cut(w, "=")
				if begin, ok := strings.CutSuffix(value, "…"); ok {
					assert.True(t, strings.HasPrefix(say(t, got[of], name), begin), "%s is %s", name, say(t, got[of], name))
				} else {
					assert.Equal(t, value, say(t, got[of], name), name)
				}
			}
		})
	}
}

// activityNames are the attributes that events fill.
func activityNames(r *model.Resource) (names []string) {
	with := map[string]bool{}
	for n := range r.Attributes() {
		with[n] = true
	}
	bare := &model.Resource{Body: &model.Trail{}}
	for n := range bare.Attributes() {
		delete(with, n)
	}
	for _, n := range []string{
		"record_days", "readers", "more_readers", "last_read_event_days_ago", "unread_days_at_least", "last_human_read_days_ago", "last_human_reader", "denied_attempts", "denied_in_a_day",
		"denied_in_a_day_at_least", "last_denied_days_ago", "denied_to", "last_value_event_days_ago", "last_value_by", "last_human_value_days_ago", "last_human_writer",
		"policy_changed_days_ago", "policy_changed_by", "last_rotation_event_days_ago", "unrotated_days_at_least", "rotation_failures", "rotation_failing", "last_rotation_start_days_ago",
	} {
		if with[n] {
			names = append(names, n)
		}
	}
	return names
}

// TestRecordThatProvesNothing: whatever the events say, an attribute is unknown where
// the record is not whole, does not reach the snapshot, or was not read.
func TestRecordThatProvesNothing(t *testing.T) {
	read := decode(t, rec(3, "GetSecretValue", request(`"secretId":"db"`)))
	gap := &model.Unknown{Reason: model.ReasonAccessDenied, Action: "s3:GetObject", Detail: "x"}
	atLeast := map[string]bool{"denied_in_a_day_at_least": true, "denied_to": true}
	for _, tt := range []struct {
		name string
		log  *model.EventLog
		why  string
		all  bool // also what is certain of an incomplete record
	}{
		{"no events", nil, "no events were read (--events)", true},
		{"a gap", &model.EventLog{From: now.AddDate(0, 0, -90), Until: now, Scopes: []model.EventScope{{Account: prod, Region: ireland, Gap: gap}}}, "s3:GetObject denied", false},
		{"a gap of an account", &model.EventLog{From: now.AddDate(0, 0, -90), Until: now, Scopes: []model.EventScope{{Account: prod, Region: ireland}, {Account: prod, Gap: gap}}}, "s3:GetObject denied", false},
		{"a gap of nobody knows what", &model.EventLog{From: now.AddDate(0, 0, -90), Until: now, Scopes: []model.EventScope{{Account: prod, Region: ireland}, {Gap: gap}}}, "s3:GetObject denied", false},
		{"another region", &model.EventLog{From: now.AddDate(0, 0, -90), Until: now, Scopes: []model.EventScope{{Account: prod, Region: virginia}}}, "record of 111122223333 in eu-west-1 was not read", false},
		{"it ends too early", &model.EventLog{From: now.AddDate(0, 0, -90), Until: now.AddDate(0, 0, -2), Scopes: wholeLog(1).Scopes}, "ends on 2026-03-12", false},
		{"it has no time", &model.EventLog{Until: now, Scopes: wholeLog(1).Scopes}, "does not say where it begins", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := foldInto(t, []*model.Resource{secret(dbARN, nil)}, tt.log, read)
			names := activityNames(got[dbARN])
			require.Len(t, names, 23)
			for _, name := range names {
				if tt.all || !atLeast[name] {
					assert.Contains(t, say(t, got[dbARN], name), tt.why, name)
				}
			}
		})
	}
}

// TestShortRecord: a lower bound is not a fact. Counts of 90 days need 90 days; what
// was seen is exact all the same, since the record is whole from there on.
func TestShortRecord(t *testing.T) {
	list := decode(t, rec(3, "GetSecretValue", request(`"secretId":"db"`)))
	const young = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:young-AbCdEf"
	made := func(s *model.Secret) { s.CreatedAt = model.Known(now.AddDate(0, 0, -10)) }
	got, _ := foldInto(t, []*model.Resource{secret(dbARN, nil), secret(young, made)}, wholeLog(30), list)
	for name, want := range map[string]string{
		"last_read_event_days_ago": "3", "last_human_read_days_ago": "3", "unread_days_at_least": "3", "record_days": "30",
		"readers":                   "unknown: not collected: CloudTrail's record begins on 2026-02-12, 90 days are needed (--events-since)",
		"last_value_event_days_ago": "unknown: not collected: CloudTrail's record begins on 2026-02-12, 90 days are needed (--events-since)",
	} {
		assert.Equal(t, want, say(t, got[dbARN], name), name)
	}
	// A secret that is younger than the record has no other past.
	for name, want := range map[string]string{
		"last_read_event_days_ago": "absent", "last_human_read_days_ago": "absent", "readers": "[]", "unread_days_at_least": "10", "last_rotation_event_days_ago": "absent",
	} {
		assert.Equal(t, want, say(t, got[young], name), name)
	}
}

// TestReadByRotation: the function that rotates a secret reads it each time, which
// does not say that anybody needs it.
func TestReadByRotation(t *testing.T) {
	rotated := secret(dbARN, func(s *model.Secret) {
		s.RotationFunction = model.Known("arn:aws:lambda:eu-west-1:111122223333:function:rotate-db")
	})
	by := func(session string) string {
		return strings.ReplaceAll(workload, "i-0abc", session)
	}
	read := func(daysAgo int, session string) string {
		return rec(daysAgo, "GetSecretValue", request(`"secretId":"`+dbARN+`"`), by(session))
	}
	got, _ := foldInto(t, []*model.Resource{rotated}, wholeLog(90), decode(t, read(5, "rotate-db"), read(40, "orders")))
	assert.Equal(t, "40", say(t, got[dbARN], "last_read_event_days_ago"))
	assert.Equal(t, "40", say(t, got[dbARN], "unread_days_at_least"))
	assert.Contains(t, say(t, got[dbARN], "readers"), `"count":2`)
	got, _ = foldInto(t, []*model.Resource{secret(dbARN, nil)}, wholeLog(90), decode(t, read(5, "rotate-db")))
	assert.Equal(t, "5", say(t, got[dbARN], "last_read_event_days_ago"))
}

// TestReadEncrypted: who reads a SecureString without having it decrypted learns no value.
func TestReadEncrypted(t *testing.T) {
	const byName, byPath = `"name":"/acme/web/url"`, `"path":"/acme","recursive":true`
	read := func(name, request string) string {
		return rec(5, name, `"requestParameters":{`+request+`}`)
	}
	for _, tt := range []struct {
		kind, record, want string
	}{
		{"SecureString", read("GetParameter", byName+`,"withDecryption":true`), "5"},
		{"SecureString", read("GetParameter", byName+`,"withDecryption":false`), "absent"},
		{"SecureString", read("GetParameter", byName), "absent"},
		{"SecureString", read("GetParameter", byName+`,"withDecryption":"perhaps"`), "unknown: not in this source: 1 records could be about it and do not say so clearly"},
		{"SecureString", read("GetParametersByPath", byPath+`,"withDecryption":true`), "5"},
		{"SecureString", read("GetParametersByPath", byPath), "absent"},
		{"String", read("GetParameter", byName), "5"},
		{"String", read("GetParametersByPath", byPath), "5"},
	} {
		p := parameter()
		p.Body.(*model.Parameter).Type = model.Known(tt.kind)
		got, _ := foldInto(t, []*model.Resource{p}, wholeLog(90), decode(t, tt.record))
		assert.Equal(t, tt.want, say(t, got[parameterARN], "last_human_read_days_ago"), "%s %s", tt.kind, tt.record)
	}
	p := parameter()
	p.Body.(*model.Parameter).Type = model.Known("SecureString")
	got, _ := foldInto(t, []*model.Resource{p}, wholeLog(90), decode(t, rec(4, "GetParametersByPath", request(byPath), `"errorCode":"AccessDenied"`)))
	assert.Equal(t, "1", say(t, got[parameterARN], "denied_attempts"))
}
