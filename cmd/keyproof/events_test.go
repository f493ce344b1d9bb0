package main

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
// `keyproof permissions --events` names, all of them and no other.
func TestEventsCallOnlyReads(t *testing.T) {
	a := askAcme(t)
	for _, args := range [][]string{
		{"events", "read", "lookup", "--region", "eu-west-1"}, {"events", "read", "s3://acme-eu-security-lake/logs"},
		{"events", "verify", "s3://acme-eu-security-lake/logs", "--region", "eu-west-1"},
	} {
		code, _, stderr := a.run(t.Context(), args...)
		require.Equal(t, 0, code, stderr)
	}
	policy, err := eventsPolicy("s3://acme-eu-security-lake")
	require.NoError(t, err)
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
	for _, action := range append(history, archive...) {
		assert.Positive(t, calls[action], action)
	}
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
	assert.Contains(t, stdout, "7 relevant")
	assert.NoDirExists(t, state)
}
