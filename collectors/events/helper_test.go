package events

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

var now = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// key is the key of a log of an account, region and minute.
func key(account, region string, t time.Time, unique string) string {
	return fmt.Sprintf("AWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_%s.json.gz",
		account, region, t.Format("2006/01/02"), account, region, t.Format("20060102T1504Z"), unique)
}

// rec is a record with some members changed: name=value pairs of JSON.
func rec(changes ...string) string {
	m := map[string]string{
		"eventVersion": `"1.08"`, "userIdentity": `{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ada","accountId":"111122223333"}`,
		"eventTime": `"2026-03-13T10:00:00Z"`, "eventSource": `"secretsmanager.amazonaws.com"`, "eventName": `"GetSecretValue"`,
		"awsRegion": `"eu-west-1"`, "sourceIPAddress": `"198.51.100.7"`, "userAgent": `"aws-cli"`, "requestParameters": `{"secretId":"db"}`,
		"responseElements": `null`, "eventID": `"e1"`, "readOnly": `true`, "eventType": `"AwsApiCall"`, "recipientAccountId": `"111122223333"`,
	}
	order := []string{"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
		"requestParameters", "responseElements", "eventID", "readOnly", "eventType", "recipientAccountId"}
	for _, c := range changes {
		name, value, _ := strings.Cut(c, "=")
		if _, ok := m[name]; !ok {
			order = append(order, name)
		}
		m[name] = value
	}
	var parts []string
	for _, name := range order {
		if m[name] != "" {
			parts = append(parts, fmt.Sprintf("%q:%s", name, m[name]))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func records(list ...string) string { return `{"Records":[` + strings.Join(list, ",") + `]}` }

func gz(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// archive is a file system with the files, by key.
func archive(files map[string][]byte) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys
}

// readAll reads an archive, and holds it to the promise that no record is lost.
func readAll(t *testing.T, fsys fstest.MapFS, q Query) ([]model.Event, *Summary) {
	t.Helper()
	if q.Now.IsZero() {
		q.Now = now
	}
	var list []model.Event
	s, err := Read(t.Context(), fsys, q, func(e *model.Event) error {
		list = append(list, *e)
		return nil
	})
	require.NoError(t, err)
	r := s.Records
	require.Equal(t, r.In, r.Relevant+r.Irrelevant+r.Refused)
	require.Len(t, list, r.Relevant)
	return list, s
}
