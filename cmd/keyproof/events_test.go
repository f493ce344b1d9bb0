package main

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
)

// ask runs keyproof with credentials of the embedded account.
type ask struct {
	*fixture.Server
	t *testing.T
}

func askAcme(t *testing.T) ask {
	world, server := startWorld(t)
	addRecord(t, world)
	key := world.Credentials()[0]
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL(), "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": key.AccessKey, "AWS_SECRET_ACCESS_KEY": key.SecretKey,
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	return ask{server, t}
}

func (a ask) run(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, append(args, "--no-rate-limit"), system{getenv: os.Getenv, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "test"})
	return code, out.String(), errs.String()
}

// TestVerifyWithLiveKeys asks for the public keys in the region that is named, and
// nothing else of CloudTrail.
func TestVerifyWithLiveKeys(t *testing.T) {
	a := askAcme(t)
	verify := []string{"events", "verify", "testdata/sample/trail", "--region", "eu-west-1", "--since", "2026-03-13", "--until", "2026-03-15"}
	code, stdout, stderr := a.run(t.Context(), verify...)
	assert.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "VERIFIED  digests: 3 verified")
	assert.Equal(t, 1, a.Calls()["cloudtrail:ListPublicKeys"])
	assert.Zero(t, a.Calls()["cloudtrail:LookupEvents"])

	a.SetFaults(fixture.Fault{Operation: "ListPublicKeys", Kind: fixture.Deny})
	code, _, stderr = a.run(t.Context(), verify...)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, stderr, "cloudtrail:ListPublicKeys is denied in eu-west-1: allow it, or name a file with --public-keys")
}

// TestEventsCallOnlyReads proves that reading the record makes the calls that
// `keyproof permissions --events` names for the two sources, all of them and no other.
func TestEventsCallOnlyReads(t *testing.T) {
	a := askAcme(t)
	for _, args := range [][]string{
		{"events", "read", "lookup", "--region", "eu-west-1"}, {"events", "read", "s3://acme-eu-security-lake/logs"},
		{"events", "verify", "s3://acme-eu-security-lake/logs", "--region", "eu-west-1"},
	} {
		code, _, stderr := a.run(t.Context(), args...)
		require.Equal(t, 0, code, stderr)
	}
	ofArchive, err := eventsPolicy("s3://acme-eu-security-lake")
	require.NoError(t, err)
	ofHistory, err := eventsPolicy("lookup")
	require.NoError(t, err)
	policy := append(ofArchive, ofHistory...)
	allowed := map[string]bool{"sts:GetCallerIdentity": true} // needs no permission
	for _, s := range policy {
		for _, action := range s.Action {
			allowed[action] = true
		}
	}
	calls := a.Calls()
	for action := range calls {
		assert.True(t, allowed[action], action)
	}
	history, archive := eventActions()
	for _, action := range append(archive, history, cloudtrail.ListPublicKeys) {
		assert.Positive(t, calls[action], action)
	}
}

// TestDeniedInBucket: what may not be fetched is named with the permission, and
// proves nothing.
func TestDeniedInBucket(t *testing.T) {
	a := askAcme(t)
	const archive = "s3://acme-eu-security-lake/logs"
	a.SetFaults(fixture.Fault{Operation: "GetObject", Resource: "*_CloudTrail_eu-west-1_20260313T2325Z_*", Kind: fixture.Deny})
	code, stdout, stderr := a.run(t.Context(), "events", "read", archive, "--limit", "0")
	assert.Equal(t, 4, code, stderr)
	assert.Contains(t, stdout, "111122223333 eu-west-1: s3:GetObject denied")
	assert.Contains(t, stdout, "20260313T2325Z_1000000000000001.json.gz: s3:GetObject is denied: allow it")
	code, stdout, stderr = a.run(t.Context(), "events", "verify", archive, "--public-keys", "testdata/sample/keys.json")
	assert.Equal(t, 4, code, stderr)
	assert.Contains(t, stdout, "logs: 5 verified, 1 unproven")
	assert.Contains(t, stdout, "it cannot be read: s3:GetObject is denied: allow it")

	a.SetFaults(fixture.Fault{Operation: "GetObject", Resource: "*CloudTrail-Digest*T000000Z*", Kind: fixture.Deny})
	code, stdout, stderr = a.run(t.Context(), "events", "verify", archive, "--public-keys", "testdata/sample/keys.json")
	assert.Equal(t, 4, code, stderr)
	assert.Contains(t, stdout, "it cannot be opened: s3:GetObject is denied: allow it")

	a.SetFaults(fixture.Fault{Operation: "ListBucket", Resource: "arn:aws:s3:::acme-eu-security-lake", Kind: fixture.Deny})
	code, _, stderr = a.run(t.Context(), "events", "verify", archive, "--public-keys", "testdata/sample/keys.json")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, stderr, "s3:ListBucket on the bucket acme-eu-security-lake is denied: allow it")
}

// TestLookupInterrupted stops a lookup, which then goes on from there.
func TestLookupInterrupted(t *testing.T) {
	a := askAcme(t)
	state := t.TempDir() + "/state"
	read := []string{"events", "read", "lookup", "--region", "eu-west-1", "--state", state}
	a.SetFaults(fixture.Fault{Operation: "LookupEvents", Kind: fixture.Delay, Delay: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for a.Calls()["cloudtrail:LookupEvents"] == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	code, stdout, stderr := a.run(ctx, read...)
	assert.Equal(t, exitFailed, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "interrupted: run the same command again, and it goes on from what "+state+" holds")
	assert.DirExists(t, state)
	a.SetFaults()
	code, stdout, stderr = a.run(t.Context(), read...)
	assert.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "relevant, 6 irrelevant, 0 refused")
	assert.NoDirExists(t, state)
}
