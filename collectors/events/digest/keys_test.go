package digest

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadKeys: what the AWS CLI prints, of one region or of several, and what the
// API answers.
func TestReadKeys(t *testing.T) {
	tr := newTrail(t)
	value := base64.StdEncoding.EncodeToString(tr.keys()[0].Value)
	answer := func(fingerprint, start string) string {
		return `{"PublicKeyList":[{"Value":"` + value + `","ValidityStartTime":` + start + `,"ValidityEndTime":"2026-03-20T00:00:00+00:00","Fingerprint":"` + fingerprint + `"}]}`
	}
	keys, err := ReadKeys(strings.NewReader(answer("a", `"2026-03-01T00:00:00+00:00"`) + "\n" + answer("b", "1772323200.0")))
	require.NoError(t, err)
	require.Len(t, keys, 2)
	assert.Equal(t, "b", keys[1].Fingerprint)
	for _, k := range keys {
		assert.Equal(t, tr.keys()[0].Value, k.Value)
		assert.True(t, k.From.Equal(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)), k.From)
	}
	for name, c := range map[string]struct{ text, says string }{
		"empty":          {"", "no public key"},
		"no key":         {`{"PublicKeyList":[]}`, "no public key"},
		"other JSON":     {`[1]`, "not an answer of ListPublicKeys"},
		"not a key":      {strings.Replace(answer("a", "0"), value, "AAAA", 1), `"a" is not an RSA key`},
		"no fingerprint": {answer("", "0"), "not an RSA key"},
	} {
		_, err := ReadKeys(strings.NewReader(c.text))
		assert.ErrorContains(t, err, c.says, name)
	}
}
