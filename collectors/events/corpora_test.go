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

// everything is a filter that a test makes of the events that are there, so that
// all of them are decoded.
func everything(t *testing.T, files map[string][]byte) (Filter, int) {
	t.Helper()
	f, count := Filter{}, 0
	for name, raw := range files {
		var doc struct{ Records []json.RawMessage }
		if json.Unmarshal(raw, &doc) != nil {
			require.NoError(t, json.Unmarshal(raw, &doc.Records), name)
		}
		for _, r := range doc.Records {
			var e struct{ EventSource string }
			require.NoError(t, json.Unmarshal(r, &e))
			f[e.EventSource] = nil
			count++
		}
	}
	return f, count
}

// TestRealEvents decodes all real events of the samples, whatever they are of:
// none is refused, none gets lost, and what each says is what encoding/json finds.
func TestRealEvents(t *testing.T) {
	files := map[string][]byte{}
	for _, pattern := range []string{"invictus/CloudTrail/*.json", "stratus/docs/detonation-logs/*.json"} {
		paths, err := filepath.Glob(filepath.Join(needs.Shared(t, "../..", "corpora", "events"), pattern))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			require.NoError(t, err)
			files[filepath.Base(path)] = raw
		}
	}
	filter, count := everything(t, files)
	require.Greater(t, count, 3000)
	fsys := archive(files)
	list, s := readAll(t, fsys, Query{Relevant: filter})
	assert.Empty(t, s.Problems)
	assert.Equal(t, Records{In: count, Relevant: count}, s.Records)
	assert.Equal(t, len(files), s.Files.Read)
	plain := map[string][]map[string]any{}
	for name, raw := range files {
		var doc struct{ Records []map[string]any }
		if json.Unmarshal(raw, &doc) != nil {
			require.NoError(t, json.Unmarshal(raw, &doc.Records))
		}
		plain[name] = doc.Records
	}
	for i := range list {
		agrees(t, plain[list[i].File][list[i].Place], &list[i])
	}
	_, s = readAll(t, fsys, Query{})
	t.Logf("%d records in = %d relevant + %d irrelevant + %d refused", s.Records.In, s.Records.Relevant, s.Records.Irrelevant, s.Records.Refused)
	assert.Equal(t, count, s.Records.In)
	assert.Greater(t, s.Records.Relevant, 300)
	assert.Greater(t, s.Records.Irrelevant, 2000)
}

// agrees compares an event with its record, read the plain way.
func agrees(t *testing.T, m map[string]any, e *model.Event) {
	t.Helper()
	assert.Equal(t, m["eventSource"], e.Source)
	assert.Equal(t, m["eventName"], e.Name)
	for name, v := range map[string]model.Value[string]{"eventID": e.ID, "awsRegion": e.Region, "recipientAccountId": e.Account, "eventType": e.Type, "errorCode": e.ErrorCode} {
		got, known := v.Get()
		want, there := m[name].(string)
		assert.Equal(t, there, known, "%s of %v", name, m)
		assert.Equal(t, want, got)
	}
	identity, _ := m["userIdentity"].(map[string]any)
	arn, _ := identity["arn"].(string)
	assert.Equal(t, arn, e.Principal.ARN.Or(""))
	assert.NotEqual(t, "nobody named", e.Principal.Who())
	assert.Equal(t, e.ErrorCode.State() == model.StateKnown, e.Outcome.Or("") != model.OutcomeDone)
}

// TestVendorsEvents decodes the events that vendors test their detections with,
// each of which is one record in a line.
func TestVendorsEvents(t *testing.T) {
	for _, name := range []string{"panther-tests.jsonl", "rotation_events.jsonl"} {
		raw, err := os.ReadFile(needs.Shared(t, "../..", "corpora", "events", name))
		require.NoError(t, err)
		lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
		for i, line := range lines {
			var sample struct {
				Event  json.RawMessage
				Expect string
				Rule   string
				Test   string
			}
			require.NoError(t, json.Unmarshal([]byte(line), &sample))
			e, err := Decode(sample.Event)
			var m map[string]any
			require.NoError(t, json.Unmarshal(sample.Event, &m))
			if m["eventName"] == nil || m["eventSource"] == nil || m["eventTime"] == nil {
				assert.Error(t, err, "%s:%d lacks what every record has", name, i+1)
				continue
			}
			if !assert.NoError(t, err, "%s:%d %s: %s", name, i+1, sample.Rule, sample.Test) {
				continue
			}
			switch sample.Expect {
			case "rotation failed":
				assert.Equal(t, model.Known(model.OutcomeFailed), e.Outcome)
				assert.Contains(t, e.Message.Or(""), "Error when executing lambda")
				assert.Equal(t, 1, e.Targets.Len(), "the secret")
			case "rotation succeeded":
				assert.Equal(t, model.Known(model.OutcomeDone), e.Outcome)
				assert.Equal(t, 1, e.Targets.Len(), "the secret")
			}
		}
	}
}
