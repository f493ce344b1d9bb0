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

// lines compresses text as a snapshot file.
func lines(t *testing.T, text string) string {
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
	end1 = `{"end":{"resources":1}}` + "\n"
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
		{"missing", filepath.Join(t.TempDir(), "none"), "no such file"},
		{"empty", write(nil), "damaged"},
		{"not zstd", write([]byte("hello, world, this is text")), "not a keyproof snapshot"},
		{"not a snapshot", lines(t, "{\"a\":1}\n"), "not a keyproof snapshot"},
		{"newer version", lines(t, `{"keyproof_snapshot":9,"tool":"v9"}`+"\n"), "has version 9, this keyproof reads version 1"},
		{"cut off", write(raw[:len(raw)/2]), "damaged at line"},
		{"one bit flipped", write(flipped), "damaged at line"},
		{"no end", lines(t, head+one), "damaged at line 3"},
		{"wrong count", lines(t, head+one+`{"end":{"resources":2}}`+"\n"), "does not agree"},
		{"something after the end", lines(t, head+one+end1+one), "after the last line"},
		{"twice", lines(t, head+one+one+end1), "out of order or twice"},
		{"no such kind", lines(t, head+`{"kind":"bucket","id":"b","attributes":{}}`+"\n"), `kind "bucket" does not exist`},
		{"no such attribute", lines(t, head+`{"kind":"secret","id":"b","attributes":{"rotation":true}}`+"\n"), "has no such attribute"},
		{"wrong type", lines(t, head+`{"kind":"secret","id":"b","attributes":{"rotation_enabled":"yes"}}`+"\n"), "attribute rotation_enabled of b"},
		{"known and unknown", lines(t, head+`{"kind":"secret","id":"b","attributes":{"rotation_enabled":true},"unknown":{"rotation_enabled":{"reason":"failed"}}}`+"\n"), "both known and unknown"},
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
	f.Add(`{"keyproof_snapshot":1,"taken_at":"x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		snap, err := Open(lines(t, text))
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
	})
}
