package digest

import (
	"bytes"
	"context"
	"crypto/x509"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// FuzzDigest puts any text in the place of a digest in the middle of a good chain:
// it never verifies, whatever it says, unless it is the digest itself.
func FuzzDigest(f *testing.F) {
	tr := newTrail(f)
	for range 3 {
		tr.digest(nil) // without logs, which are hashed at the same time in any order
	}
	tr.save(2)
	good := tr.text(tr.digests[1])
	f.Add([]byte(good))
	f.Add([]byte(tr.text(tr.digests[0])))
	f.Add([]byte(`{"digestS3Object":"AWSLogs/x","digestS3Bucket":"b","digestPublicKeyFingerprint":"1","digestStartTime":"2026-03-13T22:00:00Z","digestEndTime":"2026-03-13T23:00:00Z","previousDigestS3Object":"../../x","previousDigestSignature":"zz","logFiles":[{"s3Object":"/etc/passwd"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		tr := *tr
		tr.t, tr.fs = t, tr.copy()
		tr.put(tr.digests[1], string(text))
		r, err := Verify(context.Background(), tr.fs, Options{Keys: tr.keys(), Workers: 1})
		require.NoError(t, err)
		if string(text) == good {
			require.Equal(t, model.VerdictPass, r.Verdict())
			return
		}
		require.Equal(t, model.VerdictFail, r.Verdict())
		require.NotEmpty(t, r.Problems)
	})
}

// FuzzKeys reads any bytes as public keys: what is taken for a key is one.
func FuzzKeys(f *testing.F) {
	f.Add([]byte(`{"PublicKeyList":[{"Value":"MIIBCgKCAQEA","ValidityStartTime":"2026-01-01T00:00:00Z","ValidityEndTime":1773395813.5,"Fingerprint":"8eba5db5bea9b640d1c96a77256fe7f2"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		keys, err := ReadKeys(bytes.NewReader(raw))
		if err == nil {
			require.NotEmpty(t, keys)
		}
		for _, k := range keys {
			_, err := x509.ParsePKCS1PublicKey(k.Value)
			require.NoError(t, err)
		}
	})
}
