package trino

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

// realRecords are all real records of the samples, by their files.
func realRecords(t *testing.T) map[string][]json.RawMessage {
	t.Helper()
	files := map[string][]json.RawMessage{}
	for _, pattern := range []string{"invictus/CloudTrail/*.json", "stratus/docs/detonation-logs/*.json"} {
		paths, err := filepath.Glob(filepath.Join(needs.Shared(t, "../../..", "corpora", "events"), pattern))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			require.NoError(t, err)
			var doc struct{ Records []json.RawMessage }
			if json.Unmarshal(raw, &doc) != nil {
				require.NoError(t, json.Unmarshal(raw, &doc.Records), path)
			}
			files[filepath.Base(path)] = doc.Records
		}
	}
	return files
}

// TestRealRecords has the engine find the events of all real records, and wants
// what reading the same archive finds: the same counts, the same events.
func TestRealRecords(t *testing.T) {
	e, fsys, count := newEngine(t), fstest.MapFS{}, 0
	for name, records := range realRecords(t) {
		raw, err := json.Marshal(map[string]any{"Records": records})
		require.NoError(t, err)
		fsys[name] = &fstest.MapFile{Data: raw}
		for _, r := range records {
			e.insert(name, r)
			count++
		}
	}
	require.Greater(t, count, 3000)
	filters := map[string]events.Filter{"relevant": nil, "all services": everySource(t)}
	for name, filter := range filters {
		t.Run(name, func(t *testing.T) {
			q := events.Query{Relevant: filter}
			want, wanted := map[string]model.Event{}, 0
			archive, err := events.Read(t.Context(), fsys, q, func(ev *model.Event) error {
				wanted++
				want[ev.File+" "+ev.ID.Or("")] = bare(*ev)
				return nil
			})
			require.NoError(t, err)
			got := 0
			g := events.NewGathering(q, func(ev *model.Event) error {
				got++
				assert.Equal(t, want[ev.File+" "+ev.ID.Or("")], bare(*ev))
				return nil
			})
			reader := NewReader(g)
			for _, row := range e.run(Events(Table{From: "logs", Column: with(Identity(), "file", `"$path"`)}, q)) {
				require.NoError(t, reader.Row(row))
			}
			s := g.Summary()
			assert.Equal(t, wanted, got)
			assert.Equal(t, archive.Records, s.Records)
			assert.Equal(t, count, s.Records.In)
			assert.Equal(t, archive.First, s.First)
			assert.Equal(t, archive.Last, s.Last)
			assert.Empty(t, s.Problems)
		})
	}
}

// everySource is a filter for whatever is in the samples.
func everySource(t *testing.T) events.Filter {
	f := events.Filter{}
	for _, records := range realRecords(t) {
		for _, r := range records {
			var e struct{ EventSource string }
			require.NoError(t, json.Unmarshal(r, &e))
			f[e.EventSource] = nil
		}
	}
	return f
}

func with(m map[string]string, name, expression string) map[string]string {
	m[name] = expression
	return m
}

// bare is an event without its place in the file, which a table does not know.
func bare(e model.Event) model.Event {
	e.Place = 0
	return e
}
