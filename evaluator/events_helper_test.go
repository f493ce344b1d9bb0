package evaluator

import (
	"encoding/json"
	"iter"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
)

// recorded are the events of testdata/events.json: a made-up trail with something
// for every rule.
func recorded(t testing.TB) []*model.Event {
	t.Helper()
	raw, err := os.ReadFile("testdata/events.json")
	require.NoError(t, err)
	var file struct{ Records []json.RawMessage }
	require.NoError(t, json.Unmarshal(raw, &file))
	var list []*model.Event
	for _, r := range file.Records {
		e, err := events.Decode(r)
		require.NoError(t, err, string(r))
		list = append(list, e)
	}
	return list
}

func sequence(list []*model.Event) iter.Seq2[*model.Event, error] {
	return func(yield func(*model.Event, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// record is a snapshot with events, read whole in three regions of an account and
// in one more that nothing happened in.
func record(list []*model.Event, resources ...*model.Resource) *model.Snapshot {
	snap := snapshot(listed(model.KindTrail, model.KindSecret), resources...)
	snap.Header.Events = &model.EventLog{Source: "test", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	for _, region := range []string{"eu-north-1", "eu-west-1", "us-east-1", "us-west-2"} {
		snap.Header.Events.Scopes = append(snap.Header.Events.Scopes, model.EventScope{Account: "111122223333", Region: region})
	}
	snap.Events = sequence(list)
	return snap
}

// eventParams make each rule apply to something.
func eventParams() map[model.RuleID]map[string]string {
	return map[model.RuleID]map[string]string{"EVT-015": {"networks": "10.0.0.0/8"}}
}
