package trino

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
)

var (
	day = time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)
	now = day.AddDate(0, 0, 3)
)

// made are records of every kind around the edges of a query, by their keys.
func made() map[string][]string {
	files := map[string][]string{}
	n := 0
	add := func(account, region string, at time.Time, source, name string, more ...string) {
		n++
		key := fmt.Sprintf("AWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_x.json", account, region, at.Format("2006/01/02"), account, region, at.Format("20060102T1504Z"))
		members := map[string]string{
			"eventID": fmt.Sprintf(`"e%d"`, n), "eventTime": fmt.Sprintf("%q", at.Format(time.RFC3339)), "eventSource": fmt.Sprintf("%q", source),
			"eventName": fmt.Sprintf("%q", name), "awsRegion": fmt.Sprintf("%q", region), "recipientAccountId": fmt.Sprintf("%q", account),
			"eventType": `"AwsApiCall"`, "userIdentity": `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/o'brien"}`,
		}
		for _, m := range more {
			name, value, _ := strings.Cut(strings.TrimPrefix(m, `"`), `":`)
			members[name] = value
		}
		var parts []string
		for _, name := range sorted(members) {
			parts = append(parts, fmt.Sprintf("%q:%s", name, members[name]))
		}
		files[key] = append(files[key], "{"+strings.Join(parts, ",")+"}")
	}
	for _, account := range []string{"111122223333", "444455556666"} {
		for _, region := range []string{"eu-west-1", "us-east-1"} {
			for _, at := range []time.Time{day.Add(-time.Second), day, day.Add(12 * time.Hour), day.AddDate(0, 0, 1).Add(-time.Second), day.AddDate(0, 0, 1)} {
				add(account, region, at, "secretsmanager.amazonaws.com", "GetSecretValue", `"requestParameters":{"secretId":"db"}`)
				add(account, region, at, "kms.amazonaws.com", "Decrypt")
				add(account, region, at, "kms.amazonaws.com", "DisableKey", `"requestParameters":{"keyId":"k"}`, `"errorCode":"AccessDenied"`)
				add(account, region, at, "KMS.amazonaws.com", "DisableKey")
				add(account, region, at, "ssm.amazonaws.com", "getparameter")
			}
		}
	}
	mid := day.Add(time.Hour)
	add("111122223333", "eu-west-1", mid, "kms.amazonaws.com", "ScheduleKeyDeletion", `"eventName":null`)
	add("111122223333", "eu-west-1", mid, "kms.amazonaws.com", "ScheduleKeyDeletion", `"eventTime":"yesterday"`)
	add("111122223333", "eu-west-1", mid, "kms.amazonaws.com", "ScheduleKeyDeletion", `"requestParameters":"text"`)
	add("111122223333", "eu-west-1", mid, "kms.amazonaws.com", "ScheduleKeyDeletion", `"requestParameters":null`, `"errorCode":"ThrottlingException"`, `"recipientAccountId":null`, `"awsRegion":null`)
	add("111122223333", "eu-west-1", mid, "secretsmanager.amazonaws.com", "RotationFailed", `"eventType":"AwsServiceEvent"`, `"errorMessage":"timed out"`, `"additionalEventData":{"SecretId":"db"}`, `"userIdentity":null`)
	return files
}

func fill(t *testing.T, e *engine) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for key, list := range made() {
		fsys[key] = &fstest.MapFile{Data: []byte(`{"Records":[` + strings.Join(list, ",") + `]}`)}
		for _, r := range list {
			e.insert(key, []byte(r))
		}
	}
	return fsys
}

// queries are those that a table is asked, by layout.
func queries() map[string]events.Query {
	return map[string]events.Query{
		"all":      {},
		"times":    {Since: day, Until: day.AddDate(0, 0, 1)},
		"fraction": {Since: day.Add(-time.Nanosecond), Until: day.Add(time.Nanosecond)},
		"account":  {Accounts: []string{"444455556666"}},
		"region":   {Regions: []string{"us-east-1", "eu-west-1"}, Accounts: []string{"111122223333"}},
		"one name": {Relevant: events.Filter{"kms.amazonaws.com": {"DisableKey": true, "EnableKey": false}}},
		"nothing":  {Relevant: events.Filter{"kms.amazonaws.com": {}}},
	}
}

func logs(t Table) Table {
	t.From, t.Column = "logs", with(Identity(), "file", `"$path"`)
	return t
}

// TestPredicates wants of the engine what reading the archive finds, for records
// on both sides of each edge. What the archive prunes by the key, an engine without
// partitions counts as irrelevant: the relevant and the refused must be the same.
func TestPredicates(t *testing.T) {
	e := newEngine(t)
	fsys := fill(t, e)
	for name, q := range queries() {
		t.Run(name, func(t *testing.T) {
			want := []model.Event{}
			q.Late = 1000 * time.Hour
			archive, err := events.Read(t.Context(), fsys, q, func(ev *model.Event) error { want = append(want, bare(*ev)); return nil })
			require.NoError(t, err)
			got := []model.Event{}
			g := events.NewGathering(q, func(ev *model.Event) error { got = append(got, bare(*ev)); return nil })
			r := NewReader(g)
			for _, row := range e.run(Events(logs(Table{}), q)) {
				require.NoError(t, r.Row(row))
			}
			s := g.Summary()
			assert.ElementsMatch(t, want, got)
			assert.Equal(t, archive.Records.Relevant, s.Records.Relevant)
			assert.Equal(t, s.Records.In, s.Records.Relevant+s.Records.Irrelevant+s.Records.Refused)
			assert.Equal(t, 105, s.Records.In, "all are counted")
			if name == "all" || name == "times" || name == "region" { // an archive also refuses what is outside the times
				assert.Equal(t, archive.Records.Refused, s.Records.Refused)
			}
			counted := map[string]int{}
			g = events.NewGathering(q, nil)
			r = NewCounter(g, func(c Count) error {
				counted[strings.Join([]string{c.Source, c.Name, c.Principal, c.Outcome}, " ")] += c.Events
				return nil
			})
			for _, row := range e.run(Counts(logs(Table{}), q)) {
				require.NoError(t, r.Row(row))
			}
			wanted := map[string]int{}
			for _, ev := range got {
				wanted[strings.Join([]string{ev.Source, ev.Name, ev.Principal.Who(), string(ev.Outcome.Or(""))}, " ")]++
			}
			if name == "all" || name == "times" || name == "region" {
				// One whose request is no object is refused when it is decoded, which an
				// engine that only counts does not do.
				delete(counted, "kms.amazonaws.com ScheduleKeyDeletion arn:aws:iam::111122223333:user/o'brien done")
			}
			if name == "account" {
				// Whose a record is that does not say it, only its path tells.
				delete(counted, "kms.amazonaws.com ScheduleKeyDeletion arn:aws:iam::111122223333:user/o'brien failed")
			}
			assert.Equal(t, wanted, counted)
			assert.Equal(t, 105, g.Summary().Records.In)
		})
	}
}

// TestTargets: the counts name what an event is about as the events do.
func TestTargets(t *testing.T) {
	e := newEngine(t)
	for i, tt := range []struct{ record, want string }{
		{`"requestParameters":{"secretId":"db"}`, "db"},
		{`"requestParameters":{"secretId":"db"},"responseElements":{"aRN":"arn:x"}`, "arn:x"},
		{`"requestParameters":{"secretId":"db"},"resources":[{"ARN":"arn:r"},{"ARN":"arn:s"}]`, "arn:r"},
		{`"additionalEventData":{"SecretId":"arn:rotated"},"requestParameters":null`, "arn:rotated"},
		{`"serviceEventDetails":{"keyId":"arn:key"}`, "arn:key"},
		{`"requestParameters":{"other":1}`, "nothing named"},
	} {
		e.insert("f", fmt.Appendf(nil, `{"eventID":"%d","eventTime":"2026-03-13T00:00:00Z","eventSource":"secretsmanager.amazonaws.com","eventName":"n%[1]d",%[2]s}`, i, tt.record))
		found := ""
		for _, row := range e.run(Counts(logs(Table{}), events.Query{})) {
			if row["eventname"] == fmt.Sprintf("n%d", i) {
				found = row["target"]
			}
		}
		assert.Equal(t, tt.want, found, tt.record)
	}
}

// TestHostileText: whatever a value holds, it stays a text of the statement.
func TestHostileText(t *testing.T) {
	e := newEngine(t)
	for i, hostile := range []string{`x' OR '1'='1`, `'; DROP TABLE logs; --`, `x''y`, `\' OR 1=1 --`, "x\ny", `"`, "x\x00y"} {
		source := fmt.Sprintf("%d%s", i, hostile)
		name, err := json.Marshal(source)
		require.NoError(t, err)
		if !strings.Contains(hostile, "\x00") { // which ends a text of SQLite's
			e.insert("f", fmt.Appendf(nil, `{"eventID":"%d","eventTime":"2026-03-13T00:00:00Z","eventSource":%s,"eventName":"n","awsRegion":%[2]s,"recipientAccountId":%[2]s}`, i, name))
			rows := e.run(Events(logs(Table{}), events.Query{Relevant: events.Filter{source: {"n": true}}, Accounts: []string{source}, Regions: []string{source}}))
			relevant := 0
			for _, row := range rows {
				if row["kind"] == "relevant" {
					relevant++
					assert.Equal(t, source, row["eventsource"])
				}
			}
			assert.Equal(t, 1, relevant, hostile)
		}
		assert.Zero(t, strings.Count(Text(hostile), "'")%2, "every quote in it is doubled")
		assert.Zero(t, strings.Count(Name(hostile), `"`)%2)
	}
	require.Len(t, e.run("SELECT 1 FROM logs"), 6)
}

// TestGaps: a day without any record is a gap, a day without secrets is none.
func TestGaps(t *testing.T) {
	e := newEngine(t)
	for i := range 4 {
		if i != 2 {
			e.insert("f", fmt.Appendf(nil, `{"eventID":"%d","eventTime":"%s","eventSource":"ec2.amazonaws.com","eventName":"n","awsRegion":"eu-west-1","recipientAccountId":"111122223333"}`,
				i, day.AddDate(0, 0, i).Format(time.RFC3339)))
		}
	}
	for until, want := range map[int]string{2: "", 4: "of 1 days there is neither a log nor a digest, the first is 2026-03-15"} {
		q := events.Query{Since: day, Until: day.AddDate(0, 0, until), Accounts: []string{"111122223333", "444455556666"}, Regions: []string{"eu-west-1"}, Now: now.AddDate(0, 1, 0)}
		g := events.NewGathering(q, nil)
		r := NewReader(g)
		for _, row := range e.run(Events(logs(Table{}), q)) {
			require.NoError(t, r.Row(row))
		}
		scopes := g.Summary().Scopes
		require.Len(t, scopes, 2)
		if want == "" {
			assert.Nil(t, scopes[0].Gap)
		} else {
			require.NotNil(t, scopes[0].Gap)
			assert.Contains(t, scopes[0].Gap.Detail, want)
		}
		require.NotNil(t, scopes[1].Gap, "nothing of the other account")
	}
}
