package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVerifyWithLiveKeys asks for the public keys as AWS answers, in the region
// that is named, and nothing else of CloudTrail.
func TestVerifyWithLiveKeys(t *testing.T) {
	saved, err := os.ReadFile("testdata/trail-keys.json")
	require.NoError(t, err)
	var answer struct{ PublicKeyList []map[string]any }
	require.NoError(t, json.Unmarshal(saved, &answer))
	for _, k := range answer.PublicKeyList { // the API writes times as seconds
		k["ValidityStartTime"], k["ValidityEndTime"] = 1772323200.0, 1774915200.0
	}
	world, server := startWorld(t)
	target, err := url.Parse(server.URL())
	require.NoError(t, err)
	forward := httputil.NewSingleHostReverseProxy(target)
	var asked []string
	status := http.StatusOK
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, call, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "CloudTrail_20131101.")
		if call == "" {
			forward.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body) // what is missing fails below
		asked = append(asked, call+" "+string(body))
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(status)
		if status != http.StatusOK {
			_, _ = io.WriteString(w, `{"__type":"AccessDeniedException","Message":"not you"}`)
			return
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	defer proxy.Close()
	key := world.Credentials()[0]
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": proxy.URL, "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": key.AccessKey, "AWS_SECRET_ACCESS_KEY": key.SecretKey,
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	verify := func() (code int, stdout, stderr string) {
		var out, errs bytes.Buffer
		code = run(t.Context(), []string{"events", "verify", "testdata/trail", "--region", "eu-west-1", "--since", "2026-03-13", "--until", "2026-03-15"},
			system{getenv: os.Getenv, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "test"})
		return code, out.String(), errs.String()
	}
	code, stdout, stderr := verify()
	assert.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "VERIFIED  digests: 3 verified")
	require.Len(t, asked, 1)
	assert.Contains(t, asked[0], "ListPublicKeys")
	assert.Contains(t, asked[0], `"StartTime":1773360000`, "2026-03-13")
	assert.Contains(t, asked[0], `"EndTime":1773540000`, "two hours after 2026-03-15")

	status = http.StatusBadRequest
	code, _, stderr = verify()
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, stderr, "cloudtrail:ListPublicKeys is denied in eu-west-1: allow it, or name a file with --public-keys")
}
