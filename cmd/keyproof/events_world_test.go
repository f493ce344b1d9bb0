package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events/digest"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
)

// addRecord gives the embedded account what the sample archive says: its events in
// the event history of eu-west-1, its keys, and its files below "logs" in a bucket,
// where S3 has the signature of the newest digest.
func addRecord(t testing.TB, world *fixture.World) {
	t.Helper()
	const account, region, bucket = "111122223333", "eu-west-1", "acme-eu-security-lake"
	root := filepath.Join("testdata", "sample", "trail")
	signatures := map[string]map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(root, path)
		require.NoError(t, err)
		if object, isHead := strings.CutSuffix(name, digest.SignatureSuffix); isHead {
			var head struct{ Metadata map[string]string }
			require.NoError(t, json.Unmarshal(raw, &head))
			signatures[object] = head.Metadata
		} else {
			require.NoError(t, world.PutObject(bucket, "logs/"+filepath.ToSlash(name), raw, signatures[name]))
		}
		if strings.Contains(path, "Digest") {
			return nil
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		require.NoError(t, err)
		var doc struct{ Records []json.RawMessage }
		require.NoError(t, json.NewDecoder(z).Decode(&doc))
		for _, record := range doc.Records {
			e, err := fixture.EventOf(string(record))
			require.NoError(t, err)
			require.NoError(t, world.AddEvents(account, region, e))
		}
		return nil
	}))
	for object, metadata := range signatures { // they are walked after the digest
		raw, err := os.ReadFile(filepath.Join(root, object))
		require.NoError(t, err)
		require.NoError(t, world.PutObject(bucket, "logs/"+filepath.ToSlash(object), raw, metadata))
	}
	for name, data := range map[string]string{
		"notgzip.json.gz": "plain", "empty.json.gz": "", "future.json": `{"Records":[{"eventSource":"kms.amazonaws.com","eventName":"DisableKey","eventTime":"2027-01-01T00:00:00Z"},5]}`,
		"good.json": `{"Records":[{"eventSource":"kms.amazonaws.com","eventName":"DisableKey","eventTime":"2026-03-01T00:00:00Z"}]}`,
	} {
		require.NoError(t, world.PutObject(bucket, "bad/"+name, []byte(data), nil))
	}
	raw, err := os.Open(filepath.Join("testdata", "sample", "keys.json"))
	require.NoError(t, err)
	defer raw.Close()
	keys, err := digest.ReadKeys(raw)
	require.NoError(t, err)
	for _, k := range keys {
		require.NoError(t, world.AddPublicKeys(account, region, fixture.PublicKey{Fingerprint: k.Fingerprint, Value: k.Value, From: k.From, Until: k.To}))
	}
	old := scriptNow.AddDate(-1, 0, 0)
	require.NoError(t, world.AddPublicKeys(account, region, fixture.PublicKey{Fingerprint: "old", Value: []byte{1}, From: old, Until: old.Add(time.Hour)}))
}
