package snapfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func sample(n int) *model.Snapshot {
	var list []*model.Resource
	for i := range n {
		id := fmt.Sprintf("arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-%06d", i)
		list = append(list, &model.Resource{
			ID:   model.ResourceID{Kind: model.KindSecret, Account: "111122223333", Region: "eu-west-1", ID: id},
			Name: fmt.Sprintf("app-%06d", i),
			Body: &model.Secret{
				Name: model.Known("x"), RotationEnabled: model.Known(true), OwningService: model.None[string](),
				Replicas: model.Missing[[]model.Replica](model.Unknown{Reason: model.ReasonAccessDenied, Action: "secretsmanager:DescribeSecret"}),
			},
			Refs: map[string]model.Value[model.ResourceID]{"key": model.Known(model.ResourceID{Kind: model.KindKey, ID: "k"})},
		})
	}
	gap := model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:ListKeys"}
	return &model.Snapshot{
		Header: model.Header{
			TakenAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Source: "live", Tool: "test",
			Scopes: []model.Scope{{Kind: model.KindKey, Account: "111122223333", Region: "eu-west-1", Gap: &gap}},
		},
		Resources: model.InMemory(list),
	}
}

func collect(t *testing.T, snap *model.Snapshot) []*model.Resource {
	t.Helper()
	var list []*model.Resource
	for r, err := range snap.Resources {
		require.NoError(t, err)
		list = append(list, r)
	}
	return list
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.ndjson.zst")
	want := sample(500)
	require.NoError(t, Write(path, want))
	got, err := Open(path)
	require.NoError(t, err)
	require.Equal(t, want.Header, got.Header)
	require.Equal(t, collect(t, want), collect(t, got))
	require.Len(t, collect(t, got), 500, "the sequence can be iterated again")
}

// TestEvents: a snapshot's events and what is said of them come back, any number of
// times, and a snapshot without any has none.
func TestEvents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.ndjson.zst")
	want := sample(3)
	want.Header.Events = &model.EventLog{
		Source: "./trail", From: want.TakenAt.AddDate(0, 0, -90), Until: want.TakenAt,
		Scopes: []model.EventScope{{Account: "111122223333", Region: "eu-west-1", Records: 500}}, Chain: model.EventChain{Verdict: model.VerdictPass, Gaps: []string{}},
	}
	spool := model.NewEventSpool(t.TempDir())
	for i := range 500 {
		require.NoError(t, spool.Append(&model.Event{
			Source: "secretsmanager.amazonaws.com", Name: "GetSecretValue", Time: want.TakenAt.Add(-time.Duration(i) * time.Hour),
			ID: model.Known(fmt.Sprint(i)), Endpoint: model.None[string](), Targets: model.Known([]string{"app"}),
		}))
	}
	want.Events = spool.Events()
	require.NoError(t, Write(path, want))
	got, err := Open(path)
	require.NoError(t, err)
	require.Equal(t, want.Header, got.Header)
	require.Len(t, collect(t, got), 3)
	all := func(snap *model.Snapshot) (list []*model.Event) {
		for e, err := range snap.Events {
			require.NoError(t, err)
			list = append(list, e)
		}
		return list
	}
	require.Len(t, all(got), 500)
	require.Equal(t, all(want), all(got))
	require.NoError(t, spool.Close())

	require.NoError(t, Write(path, sample(1)))
	none, err := Open(path)
	require.NoError(t, err)
	require.Nil(t, none.Events)
}

// compressed writes text as a snapshot file.
func compressed(t *testing.T, text string) string {
	t.Helper()
	var buf bytes.Buffer
	z, err := zstd.NewWriter(&buf)
	require.NoError(t, err)
	_, err = io.WriteString(z, text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	path := filepath.Join(t.TempDir(), "s.ndjson.zst")
	require.NoError(t, os.WriteFile(path, buf.Bytes(), 0o600))
	return path
}

const (
	head = `{"keyproof_snapshot":1,"taken_at":"2026-01-02T03:04:05Z","source":"live","tool":"t","scopes":[]}` + "\n"
	one  = `{"kind":"secret","account":"1","region":"r","id":"b","name":"b","attributes":{"rotation_enabled":true}}` + "\n"
	end1 = `{"end":{"resources":1}}` + "\n" // as before there were events

	headEvents = `{"keyproof_snapshot":1,"taken_at":"2026-01-02T03:04:05Z","source":"live","tool":"t","scopes":[],"events":{"source":"x"}}` + "\n"
	event      = `{"event":{"place":0,"source":"s","name":"n","time":"2026-01-01T00:00:00Z","values":{"id":"e"}}}` + "\n"
)

func TestBadFiles(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole")
	require.NoError(t, Write(whole, sample(3000)))
	raw, err := os.ReadFile(whole)
	require.NoError(t, err)
	write := func(b []byte) string {
		path := filepath.Join(t.TempDir(), "bad")
		require.NoError(t, os.WriteFile(path, b, 0o600))
		return path
	}
	flipped := bytes.Clone(raw)
	flipped[len(flipped)/2] ^= 0xff
	for _, c := range []struct{ name, path, want string }{
		{"missing", filepath.Join(t.TempDir(), "none"), "no such file or directory; `keyproof scan --save FILE` makes one"},
		{"a directory", t.TempDir(), "is a directory: name the snapshot in it"},
		{"empty", write(nil), "damaged"},
		{"not zstd", write([]byte("hello, world, this is text")), "not a keyproof snapshot"},
		{"not a snapshot", compressed(t, "{\"a\":1}\n"), "not a keyproof snapshot"},
		{"newer version", compressed(t, `{"keyproof_snapshot":9,"tool":"v9"}`+"\n"), "has version 9, this keyproof reads version 1"},
		{"cut off", write(raw[:len(raw)/2]), "damaged at line"},
		{"one bit flipped", write(flipped), "damaged at line"},
		{"no end", compressed(t, head+one), "damaged at line 3"},
		{"wrong count", compressed(t, head+one+`{"end":{"resources":2}}`+"\n"), "does not agree"},
		{"wrong count of events", compressed(t, headEvents+one+event+end1), "does not agree"},
		{"events that the first line does not name", compressed(t, head+one+event+`{"end":{"resources":1,"events":1}}`+"\n"), "damaged at line 3: there are events"},
		{"resource after events", compressed(t, headEvents+event+one+end1), "a resource after the events"},
		{"not an event", compressed(t, headEvents+one+`{"event":{"password":"x"}}`+"\n"+`{"end":{"resources":1,"events":1}}`+"\n"), "damaged at line 3"},
		{"events cut off", compressed(t, headEvents+one+event), "damaged at line 4"},
		{"something after the end", compressed(t, head+one+end1+one), "after the last line"},
		{"twice", compressed(t, head+one+one+end1), "out of order or twice"},
		{"no such kind", compressed(t, head+`{"kind":"bucket","id":"b","attributes":{}}`+"\n"), `kind "bucket" does not exist`},
		{"no such attribute", compressed(t, head+`{"kind":"secret","id":"b","attributes":{"rotation":true}}`+"\n"), "has no such attribute"},
		{"wrong type", compressed(t, head+`{"kind":"secret","id":"b","attributes":{"rotation_enabled":"yes"}}`+"\n"), "attribute rotation_enabled of b"},
		{"known and unknown", compressed(t, head+`{"kind":"secret","id":"b","attributes":{"rotation_enabled":true},"unknown":{"rotation_enabled":{"reason":"failed"}}}`+"\n"), "both known and unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap, err := Open(c.path)
			if err == nil {
				for _, e := range snap.Resources {
					if err = e; err != nil {
						break
					}
				}
			}
			if err == nil && snap.Events != nil {
				for _, e := range snap.Events {
					if err = e; err != nil {
						break
					}
				}
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestWriteLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	broken := sample(1)
	broken.Resources = func(yield func(*model.Resource, error) bool) { yield(nil, io.ErrClosedPipe) }
	path := filepath.Join(dir, "s")
	require.NoError(t, os.WriteFile(path, []byte("before"), 0o600))
	require.ErrorIs(t, Write(path, broken), io.ErrClosedPipe)
	require.ErrorContains(t, Write(filepath.Join(dir, "no", "s"), sample(1)), "mkdir -p")
	require.ErrorContains(t, Write(dir, sample(1)), "is a directory")
	eventful := sample(1)
	eventful.Events = func(yield func(*model.Event, error) bool) { yield(new(model.Event), nil) }
	require.ErrorContains(t, Write(path, eventful), "no record of where they are from", "nobody would read them again")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "before", string(kept))
}

// FuzzOpen reads arbitrary text as the lines of a snapshot: an error or
// resources, never a panic.
func FuzzOpen(f *testing.F) {
	f.Add(head + one + end1)
	f.Add(head + one + one)
	f.Add(headEvents + one + event + `{"end":{"resources":1,"events":1}}` + "\n")
	f.Add(headEvents + event + event)
	f.Add(`{"keyproof_snapshot":1,"taken_at":"x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		snap, err := Open(compressed(t, text))
		if err != nil {
			return
		}
		for r, err := range snap.Resources {
			if err != nil {
				return
			}
			if r == nil || r.Body == nil {
				t.Fatal("a resource without a body")
			}
		}
		if snap.Events == nil {
			return
		}
		for e, err := range snap.Events {
			if err != nil {
				return
			}
			if e == nil || e.Name == "" {
				t.Fatal("an event without a name")
			}
		}
	})
}
