package fold

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
)

var now = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

const (
	prod, other       = "111122223333", "444455556666"
	ireland, virginia = "eu-west-1", "us-east-1"
	dbARN             = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
	parameterARN      = "arn:aws:ssm:eu-west-1:111122223333:parameter/acme/web/url"
	keyARN            = "arn:aws:kms:eu-west-1:111122223333:key/0c1d"
	roleARN           = "arn:aws:iam::111122223333:role/orders"
	adaARN            = "arn:aws:iam::111122223333:user/ada"
	service           = `"eventType":"AwsServiceEvent","requestParameters":null,"userIdentity":{"accountId":"111122223333","invokedBy":"secretsmanager.amazonaws.com"}`
	workload          = `"userIdentity":{"type":"AssumedRole","principalId":"AROAX:i-0abc","arn":"arn:aws:sts::111122223333:assumed-role/orders/i-0abc","accountId":"111122223333","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/orders"},"attributes":{"mfaAuthenticated":"false"}}}`
)

// rec is a record as CloudTrail writes it, by an IAM user, some days ago; members say
// otherwise.
func rec(daysAgo int, name string, members ...string) string {
	source := "secretsmanager.amazonaws.com"
	switch {
	case strings.Contains(name, "Parameter"):
		source = "ssm.amazonaws.com"
	case strings.Contains(name, "Key") || name == "CreateGrant":
		source = "kms.amazonaws.com"
	}
	m := map[string]string{
		"eventTime": fmt.Sprintf("%q", now.AddDate(0, 0, -daysAgo).Add(-time.Hour).Format(time.RFC3339)), "eventSource": `"` + source + `"`, "eventName": `"` + name + `"`,
		"eventID": fmt.Sprintf(`"%d-%s-%d"`, daysAgo, name, rand.Int()), "awsRegion": `"eu-west-1"`, "recipientAccountId": `"111122223333"`, "eventType": `"AwsApiCall"`,
		"userIdentity": `{"type":"IAMUser","principalId":"AIDAX","arn":"` + adaARN + `","accountId":"111122223333","userName":"ada"}`,
	}
	text := ""
	for _, add := range members {
		name, _, _ := strings.Cut(strings.TrimPrefix(add, `"`), `"`)
		delete(m, name)
		if strings.Contains(add, `"eventType"`) {
			delete(m, "eventType")
			delete(m, "userIdentity")
		}
		text += "," + add
	}
	for name, value := range m {
		text += fmt.Sprintf(",%q:%s", name, value)
	}
	return "{" + text[1:] + "}"
}

func request(members string) string { return `"requestParameters":{` + members + `}` }

func decode(t testing.TB, records ...string) []*model.Event {
	t.Helper()
	list := make([]*model.Event, len(records))
	for i, r := range records {
		e, err := events.Decode([]byte(r))
		require.NoError(t, err, r)
		list[i] = e
	}
	return list
}

func id(kind model.Kind, region, name string) model.ResourceID {
	return model.ResourceID{Kind: kind, Account: prod, Region: region, ID: name}
}

// secret is one of eu-west-1 that was made long ago.
func secret(arn string, change func(*model.Secret)) *model.Resource {
	name, _ := withoutRandom(arn[strings.LastIndex(arn, ":")+1:])
	s := &model.Secret{
		Name: model.Known(name), CreatedAt: model.Known(now.AddDate(-2, 0, 0)),
		IsReplica: model.Known(false), ReplicaOf: model.None[string](), Replicas: model.Known([]model.Replica{}),
	}
	if change != nil {
		change(s)
	}
	a, _ := parseARN(arn)
	return &model.Resource{ID: id(model.KindSecret, a.region, arn), Name: name, Body: s}
}

func parameter() *model.Resource {
	return &model.Resource{ID: id(model.KindParameter, ireland, parameterARN), Name: "/acme/web/url", Body: &model.Parameter{Version: model.Known(3), LastModifiedAt: model.Known(now)}}
}

func kmsKey() *model.Resource {
	return &model.Resource{ID: id(model.KindKey, ireland, keyARN), Body: &model.Key{Aliases: model.Known([]string{"alias/data"}), CreatedAt: model.Known(now.AddDate(-1, 0, 0))}}
}

// wholeLog says that the record of both regions is whole for some days.
func wholeLog(days int) *model.EventLog {
	return &model.EventLog{From: now.AddDate(0, 0, -days), Until: now, Scopes: []model.EventScope{{Account: prod, Region: ireland}, {Account: prod, Region: virginia}}}
}

// folded folds records into resources.
func foldInto(t testing.TB, resources []*model.Resource, log *model.EventLog, list []*model.Event) (byID map[string]*model.Resource, c Counts) {
	t.Helper()
	snap := &model.Snapshot{Header: model.Header{TakenAt: now}, Resources: again(resources)}
	f, err := New(snap)
	require.NoError(t, err)
	for _, e := range list {
		f.Add(e)
	}
	byID = map[string]*model.Resource{}
	for r, err := range f.Fill(snap.Resources, log) {
		require.NoError(t, err)
		byID[r.ID.ID] = r
	}
	return byID, f.Counts()
}

// again gives copies, as a spool does.
func again(list []*model.Resource) iter.Seq2[*model.Resource, error] {
	return func(yield func(*model.Resource, error) bool) {
		for _, r := range list {
			raw, err := r.MarshalJSON()
			if err == nil {
				r = new(model.Resource)
				err = r.UnmarshalJSON(raw)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// say is an attribute in words: its value, "absent" or "unknown: why".
func say(t testing.TB, r *model.Resource, name string) string {
	t.Helper()
	for n, a := range r.Attributes() {
		if n != name {
			continue
		}
		switch a.State() {
		case model.StateAbsent:
			return "absent"
		case model.StateUnknown:
			return "unknown: " + a.Why().String()
		default:
			raw, err := a.MarshalJSON()
			require.NoError(t, err)
			return string(raw)
		}
	}
	t.Fatalf("no attribute %s", name)
	return ""
}
