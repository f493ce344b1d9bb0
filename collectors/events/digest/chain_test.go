package digest

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

// trail makes the archive of a trail as CloudTrail does: an hour at a time, each
// with logs and a signed digest. It builds the signed string by itself.
type trail struct {
	t           testing.TB
	key         *rsa.PrivateKey
	fingerprint string
	prefix      string // before AWSLogs in the bucket
	fs          fstest.MapFS
	previous    *signed
	signatures  map[string]string // by path
	hour        time.Time
	digests     []string // paths, oldest first
	logs        [][]string
}

// foreign is the trail of somebody who has another key.
func foreign(t testing.TB) *trail {
	t.Helper()
	tr := newTrail(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	tr.key = key
	return tr
}

// signed is a digest that was delivered.
type signed struct{ object, hash, signature string }

const bucket, account, region = "acme-audit", "111122223333", "eu-west-1"

var start = time.Date(2026, 3, 13, 22, 0, 0, 0, time.UTC)

// someKey is the key of most trails: making one takes long.
var someKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newTrail(t testing.TB) *trail {
	t.Helper()
	key, err := someKey()
	require.NoError(t, err)
	return &trail{t: t, key: key, fingerprint: "31e8b5433410dfb61a9dc45cc65b22ff", fs: fstest.MapFS{}, signatures: map[string]string{}, hour: start}
}

// hours delivers some hours of two logs each.
func (tr *trail) hours(n int) *trail {
	for range n {
		var logs []string
		for i := range 2 {
			at := tr.hour.Add(time.Duration(i*20+5) * time.Minute)
			name := fmt.Sprintf("AWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_%08d.json.gz", account, region, at.Format("2006/01/02"), account, region, at.Format("20060102T1504Z"), i)
			tr.put(name, fmt.Sprintf(`{"Records":[{"eventID":"%s"}]}`, at))
			logs = append(logs, name)
		}
		tr.digest(logs)
	}
	return tr
}

// digest delivers the digest of an hour.
func (tr *trail) digest(logs []string) {
	from, to := tr.hour, tr.hour.Add(time.Hour)
	tr.hour = to
	path := fmt.Sprintf("AWSLogs/%s/CloudTrail-Digest/%s/%s/%s_CloudTrail-Digest_%s_audit_%s_%s.json.gz", account, region, to.Format("2006/01/02"), account, region, region, to.Format("20060102T150405Z"))
	c := map[string]any{
		"awsAccountId": account, "digestStartTime": from.Format(time.RFC3339), "digestEndTime": to.Format(time.RFC3339),
		"digestS3Bucket": bucket, "digestS3Object": tr.prefix + path, "digestPublicKeyFingerprint": tr.fingerprint, "digestSignatureAlgorithm": "SHA256withRSA",
		"newestEventTime": nil, "oldestEventTime": nil,
		"previousDigestS3Bucket": nil, "previousDigestS3Object": nil, "previousDigestHashValue": nil, "previousDigestHashAlgorithm": nil, "previousDigestSignature": nil,
	}
	last := "null"
	if p := tr.previous; p != nil {
		c["previousDigestS3Bucket"], c["previousDigestS3Object"] = bucket, p.object
		c["previousDigestHashValue"], c["previousDigestHashAlgorithm"], c["previousDigestSignature"] = p.hash, "SHA-256", p.signature
		last = p.signature
	}
	list := []map[string]string{}
	for _, l := range logs {
		list = append(list, map[string]string{"s3Bucket": bucket, "s3Object": tr.prefix + l, "hashValue": sum(tr.text(l)), "hashAlgorithm": "SHA-256"})
	}
	c["logFiles"] = list
	raw, err := json.Marshal(c)
	require.NoError(tr.t, err)
	tr.put(path, string(raw))
	toSign := to.Format(time.RFC3339) + "\n" + bucket + "/" + tr.prefix + path + "\n" + sum(string(raw)) + "\n" + last
	hashed := sha256.Sum256([]byte(toSign))
	signature, err := rsa.SignPKCS1v15(rand.Reader, tr.key, crypto.SHA256, hashed[:])
	require.NoError(tr.t, err)
	tr.previous = &signed{tr.prefix + path, sum(string(raw)), hex.EncodeToString(signature)}
	tr.signatures[path] = tr.previous.signature
	tr.digests, tr.logs = append(tr.digests, path), append(tr.logs, logs)
}

// save saves the signature of a digest beside it, as head-object prints it.
func (tr *trail) save(i int) *trail {
	path := tr.digests[i]
	raw, err := json.Marshal(map[string]any{"ContentType": "application/json", "Metadata": map[string]string{"signature": tr.signatures[path], "signature-algorithm": "SHA256withRSA"}})
	require.NoError(tr.t, err)
	tr.fs[path+SignatureSuffix] = &fstest.MapFile{Data: raw}
	return tr
}

func (tr *trail) put(name, text string) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
	require.NoError(tr.t, err)
	_, err = w.Write([]byte(text))
	require.NoError(tr.t, err)
	require.NoError(tr.t, w.Close())
	tr.fs[name] = &fstest.MapFile{Data: b.Bytes()}
}

// copy is the archive, to change without changing this one.
func (tr *trail) copy() fstest.MapFS {
	fs := fstest.MapFS{}
	for name, f := range tr.fs {
		fs[name] = &fstest.MapFile{Data: f.Data}
	}
	return fs
}

func (tr *trail) text(name string) string {
	r, err := gzip.NewReader(bytes.NewReader(tr.fs[name].Data))
	require.NoError(tr.t, err)
	var b bytes.Buffer
	_, err = b.ReadFrom(r)
	require.NoError(tr.t, err)
	return b.String()
}

// change writes a file again with some text replaced.
func (tr *trail) change(name, old, replacement string) {
	text := tr.text(name)
	changed := string(bytes.Replace([]byte(text), []byte(old), []byte(replacement), 1))
	require.NotEqual(tr.t, text, changed, "nothing was changed")
	tr.put(name, changed)
}

func (tr *trail) keys() []Key {
	return []Key{{Fingerprint: tr.fingerprint, Value: x509.MarshalPKCS1PublicKey(&tr.key.PublicKey)}}
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}
