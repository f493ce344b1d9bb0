package fold

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/model"
)

const virginiaARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"

// replicated is a primary in Ireland with a replica in Virginia, and the replica.
func replicated() (primary, replica *model.Resource) {
	primary = secret(dbARN, func(s *model.Secret) { s.Replicas = model.Known([]model.Replica{{Region: virginia}}) })
	replica = secret(virginiaARN, func(s *model.Secret) { s.IsReplica, s.ReplicaOf = model.Known(true), model.Known(dbARN) })
	return primary, replica
}

// TestReplicas: reads in every region count for the primary, whether the region was
// scanned or not; what a primary alone can do counts for its replicas.
func TestReplicas(t *testing.T) {
	primary, replica := replicated()
	list := decode(t,
		rec(20, "GetSecretValue", request(`"secretId":"db"`), workload),
		rec(5, "GetSecretValue", request(`"secretId":"db"`), `"awsRegion":"us-east-1"`),
		rec(9, "PutSecretValue", request(`"secretId":"`+dbARN+`"`)),
		rec(7, "RotationSucceeded", service, `"additionalEventData":{"SecretId":"`+dbARN+`"}`),
		rec(6, "PutResourcePolicy", request(`"secretId":"db"`)),
	)
	for _, scanned := range [][]*model.Resource{{primary}, {primary, replica}, {replica, primary}} {
		got, c := foldInto(t, scanned, wholeLog(90), list)
		assert.Equal(t, 5, c.Folded)
		for name, want := range map[string]string{
			"last_read_event_days_ago": "5", "unread_days_at_least": "5", "last_human_read_days_ago": "5", "more_readers": "0",
			"last_value_event_days_ago": "7", "last_human_value_days_ago": "9", "policy_changed_days_ago": "6", "last_rotation_event_days_ago": "7",
		} {
			assert.Equal(t, want, say(t, got[dbARN], name), name)
		}
		if got[virginiaARN] == nil {
			continue
		}
		for name, want := range map[string]string{
			"last_read_event_days_ago": "5", `readers`: `[{"principal":"` + adaARN + `","kind":"human","count":1,"first_days_ago":5,"last_days_ago":5}]`,
			"last_value_event_days_ago": "7", "last_human_value_days_ago": "9", "policy_changed_days_ago": "6", "last_rotation_event_days_ago": "7",
		} {
			assert.Equal(t, want, say(t, got[virginiaARN], name), "replica: %s", name)
		}
	}
}

// TestReplicaWithoutRecord: nobody can say that a secret is unread when the record of
// one of its regions is not whole; its rotation is another matter.
func TestReplicaWithoutRecord(t *testing.T) {
	primary, _ := replicated()
	log := wholeLog(90)
	log.Scopes = log.Scopes[:1] // Ireland alone
	got, _ := foldInto(t, []*model.Resource{primary}, log, nil)
	assert.Contains(t, say(t, got[dbARN], "unread_days_at_least"), "record of 111122223333 in us-east-1 was not read")
	assert.Contains(t, say(t, got[dbARN], "last_human_read_days_ago"), "unknown")
	assert.Equal(t, "absent", say(t, got[dbARN], "policy_changed_days_ago"))
	assert.Equal(t, "90", say(t, got[dbARN], "unrotated_days_at_least"))

	hidden := secret(dbARN, func(s *model.Secret) {
		s.Replicas = model.Missing[[]model.Replica](model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:DescribeSecret"})
		s.ReplicaOf, s.IsReplica = model.Value[string]{}, model.Value[bool]{}
	})
	got, _ = foldInto(t, []*model.Resource{hidden}, wholeLog(90), nil)
	assert.Equal(t, "unknown: secretsmanager:DescribeSecret denied", say(t, got[dbARN], "unread_days_at_least"))
	assert.Contains(t, say(t, got[dbARN], "unrotated_days_at_least"), "unknown")
}

// TestNames: a name goes to the thing that had it, and one that could be two things
// to neither, which puts both in doubt.
func TestNames(t *testing.T) {
	const plain = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:"
	short := secret(plain+"app-AbCdEf", nil)                                                                         // named app
	long := secret(plain+"app-AbCdEf-QwErTy", func(s *model.Secret) { s.Name = model.Known("app-AbCdEf") })          // named as the other one's ARN ends
	young := secret(plain+"new-AbCdEf", func(s *model.Secret) { s.CreatedAt = model.Known(now.AddDate(0, 0, -10)) }) // its name was another's before
	all := []*model.Resource{short, long, young}
	read := func(daysAgo int, id string) string {
		return rec(daysAgo, "GetSecretValue", request(`"secretId":"`+id+`"`))
	}
	for _, tt := range []struct {
		name    string
		records []string
		want    Counts
		doubt   []string // ARNs
		read    []string
	}{
		{"a name", []string{read(5, "app")}, Counts{Added: 1, Folded: 1}, nil, []string{short.ID.ID}},
		{"a name with a hyphen", []string{read(5, "app-AbCdEf")}, Counts{Added: 1, Folded: 1}, nil, []string{long.ID.ID}},
		{"an ARN that could be cut off", []string{read(5, plain+"app-AbCdEf")}, Counts{Added: 1, Unresolved: 1}, []string{short.ID.ID, long.ID.ID}, nil},
		{"an ARN that is whole", []string{read(5, plain+"app-AbCdEf-QwErTy")}, Counts{Added: 1, Folded: 1}, nil, []string{long.ID.ID}},
		{"by the name since it has it", []string{read(9, "new")}, Counts{Added: 1, Folded: 1}, nil, []string{young.ID.ID}},
		{"by the name before it had it", []string{read(11, "new")}, Counts{Added: 1, Elsewhere: 1}, nil, nil},
		{"nothing of the scan", []string{read(5, "gone")}, Counts{Added: 1, Elsewhere: 1}, nil, nil},
		{"nowhere", []string{rec(5, "GetSecretValue", request(`"secretId":"app"`), `"awsRegion":""`)}, Counts{Added: 1, Unresolved: 1}, []string{short.ID.ID, long.ID.ID, young.ID.ID}, nil},
		{"several", []string{rec(5, "GetSecretValue", request(`"secretIdList":["app","new"]`))}, Counts{Added: 1, Folded: 1}, nil, []string{short.ID.ID, young.ID.ID}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, c := foldInto(t, all, wholeLog(90), decode(t, tt.records...))
			assert.Equal(t, tt.want, c)
			for _, r := range all {
				value := say(t, got[r.ID.ID], "last_human_read_days_ago")
				switch {
				case slices.Contains(tt.doubt, r.ID.ID):
					assert.Contains(t, value, "1 records could be about it", r.ID)
				case slices.Contains(tt.read, r.ID.ID):
					assert.NotContains(t, []string{"absent"}, value, r.ID)
					assert.NotContains(t, value, "unknown", r.ID)
				default:
					assert.Equal(t, "absent", value, r.ID)
				}
			}
		})
	}
}

// TestPrincipals: who is a person, a workload, a service, and who nobody can tell.
func TestPrincipals(t *testing.T) {
	identity := func(text string) string { return `"userIdentity":` + text }
	sso := `{"type":"AssumedRole","principalId":"AROAX:ada","arn":"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/ada","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b"}}}`
	assumed := func(session, mfa string) string {
		return `{"type":"AssumedRole","principalId":"AROAX:` + session + `","arn":"arn:aws:sts::111122223333:assumed-role/orders/` + session + `","sessionContext":{"sessionIssuer":{"arn":"` + roleARN + `"},"attributes":{"mfaAuthenticated":"` + mfa + `"}}}`
	}
	for _, tt := range []struct {
		name, members, want, kind string
	}{
		{"IAM user", identity(`{"type":"IAMUser","arn":"` + adaARN + `","userName":"ada"}`), adaARN, "human"},
		{"root", identity(`{"type":"Root","arn":"arn:aws:iam::111122223333:root"}`), "arn:aws:iam::111122223333:root", "human"},
		{"federated user", identity(`{"type":"FederatedUser","arn":"arn:aws:sts::111122223333:federated-user/ada"}`), "arn:aws:sts::111122223333:federated-user/ada", "human"},
		{"Identity Center", identity(sso), "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/ada", "human"},
		{"a session of the console", identity(assumed("ada", "false")) + `,"sessionCredentialFromConsole":"true"`, "arn:aws:sts::111122223333:assumed-role/orders/ada", "human"},
		{"a second factor", identity(assumed("ada", "true")), "arn:aws:sts::111122223333:assumed-role/orders/ada", "human"},
		{"a mail address", identity(assumed("ada@acme.example", "false")), "arn:aws:sts::111122223333:assumed-role/orders/ada@acme.example", "human"},
		{"an instance", identity(assumed("i-0abc", "false")), roleARN, "workload"},
		{"a role without its issuer", identity(`{"type":"AssumedRole","principalId":"AROAX:f","arn":"arn:aws:sts::111122223333:assumed-role/orders/f"}`), "arn:aws:sts::111122223333:assumed-role/orders", "workload"},
		{"a service", identity(`{"type":"AWSService","invokedBy":"rds.amazonaws.com"}`), "rds.amazonaws.com", "service"},
		{"a service for a person", identity(`{"type":"IAMUser","arn":"` + adaARN + `","invokedBy":"appflow.amazonaws.com"}`), "appflow.amazonaws.com", "service"},
		{"the console's own calls", identity(`{"type":"IAMUser","arn":"` + adaARN + `","invokedBy":"AWS Internal"}`), adaARN, "human"},
		{"a role of a service", identity(`{"type":"AssumedRole","principalId":"AROAX:x","arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForRDS/x","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"}}}`),
			"arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS", "service"},
		{"a user of another account", identity(`{"type":"AWSAccount","principalId":"AIDAY","accountId":"444455556666"}`), "AIDAY", "human"},
		{"an instance of another account", identity(`{"type":"AWSAccount","principalId":"AROAY:i-0abc","accountId":"444455556666"}`), "AROAY:i-0abc", "workload"},
		{"a session of another account", identity(`{"type":"AWSAccount","principalId":"AROAY:ada","accountId":"444455556666"}`), "AROAY:ada", "unknown"},
		{"another account", identity(`{"type":"AWSAccount","principalId":"AWS","accountId":"444455556666"}`), "AWS", "unknown"},
		{"nobody", identity(`{}`), "nobody named", "unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := principalOf(decode(t, rec(5, "GetSecretValue", request(`"secretId":"db"`), tt.members))[0])
			assert.Equal(t, tt.want, got.name.Value())
			assert.Equal(t, tt.kind, got.kind.String())
		})
	}
}

// TestUnknownReader: when the last reader may have been a person, nobody can say when
// one last read it.
func TestUnknownReader(t *testing.T) {
	stranger := `"userIdentity":{"type":"AWSAccount","principalId":"AWS","accountId":"444455556666"}`
	read := func(daysAgo int, members ...string) string {
		return rec(daysAgo, "GetSecretValue", append(members, request(`"secretId":"db"`))...)
	}
	got, _ := foldInto(t, []*model.Resource{secret(dbARN, nil)}, wholeLog(90), decode(t, read(9), read(5, stranger)))
	assert.Contains(t, say(t, got[dbARN], "last_human_read_days_ago"), "the record of 2026-03-09 does not say whether a person read it")
	assert.Equal(t, "5", say(t, got[dbARN], "last_read_event_days_ago"))
	got, _ = foldInto(t, []*model.Resource{secret(dbARN, nil)}, wholeLog(90), decode(t, read(5), read(9, stranger)))
	assert.Equal(t, "5", say(t, got[dbARN], "last_human_read_days_ago"))
}
