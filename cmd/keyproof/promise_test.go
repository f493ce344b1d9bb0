package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	fixture "github.com/keyproof/keyproof/fixtures/aws"
)

const sentinel = "SENTINEL" // is in every value that the embedded account holds

// scanned is everything that a scan let out.
type scanned struct {
	code                       int
	stdout, stderr, json, snap string
}

func (s scanned) all() string { return s.stdout + s.stderr + s.json + s.snap }

// scanAcme scans all of the embedded account, with faults.
func scanAcme(t *testing.T, ctx context.Context, server *fixture.Server, world *fixture.World) scanned {
	t.Helper()
	dir := t.TempDir()
	key := world.Credentials()[0]
	o := scanOptions{failOn: "low", save: filepath.Join(dir, "s.zst"), outputs: []string{"json=" + filepath.Join(dir, "r.json")}}
	o.access.base = &aws.Config{
		Region: demoRegions[0], BaseEndpoint: aws.String(server.URL()),
		Credentials: credentials.NewStaticCredentialsProvider(key.AccessKey, key.SecretKey, ""),
	}
	o.access.regions, o.access.noLimits = demoRegions, true
	for _, role := range world.Roles() {
		o.access.roles = append(o.access.roles, role.ARN)
	}
	var stdout, stderr bytes.Buffer
	sys := system{getenv: func(string) string { return "" }, stdout: &stdout, stderr: &stderr, now: func() time.Time { return scriptNow }, version: "test"}
	err := sys.scan(ctx, &o)
	s := scanned{code: 0, stdout: stdout.String(), stderr: stderr.String()}
	if code := exitCode(0); errors.As(err, &code) {
		s.code = int(code)
	} else if err != nil {
		s.code, s.stderr = exitFailed, s.stderr+err.Error()
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "r.json")); err == nil {
		s.json = string(raw)
	}
	if f, err := os.Open(o.save); err == nil {
		defer f.Close()
		z, err := zstd.NewReader(f)
		require.NoError(t, err)
		raw, err := io.ReadAll(z)
		require.NoError(t, err)
		s.snap = string(raw)
	}
	return s
}

func startWorld(t *testing.T) (*fixture.World, *fixture.Server) {
	t.Helper()
	world, server, err := startAcme(t.Context(), scriptNow)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return world, server
}

// TestScanCallsOnlyReads proves that a scan makes the calls that `keyproof
// permissions` names, all of them and no other.
func TestScanCallsOnlyReads(t *testing.T) {
	world, server := startWorld(t)
	s := scanAcme(t, t.Context(), server, world)
	require.Equal(t, 3, s.code, s.stderr)
	calls := server.Calls()
	// These need no permission of the scan's own, or another policy grants them.
	for _, action := range []string{"sts:GetCallerIdentity", "sts:AssumeRole"} {
		require.Positive(t, calls[action])
		delete(calls, action)
	}
	require.Equal(t, scanActions(), slices.Sorted(maps.Keys(calls)))
}

// TestCallsPerSecret holds the scan to the calls that the API needs: for each
// secret its description and its policy, and the pages of the list.
func TestCallsPerSecret(t *testing.T) {
	world, server := startWorld(t)
	require.NoError(t, world.Fill(demoAccount, demoRegions[0], 1, 1000))
	scanAcme(t, t.Context(), server, world)
	calls := server.Calls()
	secrets := 1000 + 76 // generated, and in the account file
	require.LessOrEqual(t, calls["secretsmanager:DescribeSecret"], secrets)
	require.LessOrEqual(t, calls["secretsmanager:GetResourcePolicy"], secrets)
	require.LessOrEqual(t, calls["secretsmanager:ListSecrets"], 1000/100+2*len(demoRegions)+1)
}

// TestNoValueLeaks plants values everywhere and looks for them in everything
// that comes out, also when calls fail in each of the ways that they can.
func TestNoValueLeaks(t *testing.T) {
	for name, faults := range map[string][]fixture.Fault{
		"no fault":  nil,
		"denied":    {{Service: "ssm", Kind: fixture.Deny}},
		"malformed": {{Service: "ssm", Operation: "GetParameters", Kind: fixture.BreakBody}, {Service: "lambda", Operation: "ListFunctions", Kind: fixture.BreakBody}},
	} {
		t.Run(name, func(t *testing.T) {
			world, server := startWorld(t)
			server.SetFaults(faults...)
			s := scanAcme(t, t.Context(), server, world)
			require.Equal(t, 3, s.code, s.stderr)
			require.NotEmpty(t, s.json)
			require.NotEmpty(t, s.snap)
			if i := strings.Index(s.all(), sentinel); i >= 0 {
				all := s.all()
				t.Fatalf("a value leaked: …%s…", all[max(0, i-200):min(len(all), i+50)])
			}
		})
	}
}

// TestInterrupt stops a scan midway: no report, no snapshot, exit code 1.
func TestInterrupt(t *testing.T) {
	world, server := startWorld(t)
	server.SetFaults(fixture.Fault{Service: "secretsmanager", Operation: "DescribeSecret", Kind: fixture.Delay, Delay: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for server.Calls()["secretsmanager:DescribeSecret"] == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	start := time.Now()
	s := scanAcme(t, ctx, server, world)
	require.Equal(t, exitFailed, s.code)
	require.Less(t, time.Since(start), 20*time.Second)
	require.Empty(t, s.json+s.snap+s.stdout)
}
