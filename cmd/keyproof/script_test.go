package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write goldens and generated files again")

// scriptNow is the time that transcripts run at; the embedded account is as
// old as it says from there.
var scriptNow = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

func TestMain(m *testing.M) {
	program := func(now func() time.Time) func() {
		return func() {
			os.Exit(run(context.Background(), os.Args[1:], system{
				getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: now, version: "0.0.0-test",
			}))
		}
	}
	testscript.Main(m, map[string]func(){
		"keyproof":     program(func() time.Time { return scriptNow }),
		"keyproof-now": program(time.Now),
	})
}

// runNow runs the program at the time that it is, as a process of its own with
// these settings added to the environment.
func runNow(t *testing.T, env []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	cmd := exec.CommandContext(t.Context(), "keyproof-now", args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		require.IsType(t, &exec.ExitError{}, err, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// TestScripts runs the transcripts, one a user story. Each has the embedded
// account at $AWS_ENDPOINT_URL with credentials in the environment, and its
// roles in $PROD_ROLE and $DEV_ROLE, and those about repairs one of their own; $PLAN
// and $TEMPLATE are a service as code; an archive of CloudTrail is in sample/trail,
// with its public keys beside it, and the same record is in the embedded account: in
// its history, and in a bucket.
func TestScripts(t *testing.T) {
	world, server, err := startAcme(t.Context(), scriptNow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	addRecord(t, world)
	fixtures, err := filepath.Abs(filepath.Join("..", "..", "fixtures"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			world, server := world, server
			if strings.Contains(filepath.Base(env.WorkDir), "remediate") { // what is repaired must not be what others scan
				var err error
				if world, server, err = startAcme(context.Background(), scriptNow); err != nil {
					return err
				}
				env.Defer(func() { _ = server.Close() })
			}
			key, roles := world.Credentials()[0], world.Roles()
			for name, value := range map[string]string{
				"AWS_ENDPOINT_URL": server.URL(), "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
				"AWS_ACCESS_KEY_ID": key.AccessKey, "AWS_SECRET_ACCESS_KEY": key.SecretKey,
				"AWS_CONFIG_FILE":             filepath.Join(env.WorkDir, "aws-config"),
				"AWS_SHARED_CREDENTIALS_FILE": filepath.Join(env.WorkDir, "aws-credentials"),
				"XDG_STATE_HOME":              filepath.Join(env.WorkDir, "state"), // no run is recorded in the home of who runs the tests
				"PROD_ROLE":                   roles[0].ARN, "DEV_ROLE": roles[1].ARN, "TMPDIR": env.WorkDir,
				"PLAN": filepath.Join(fixtures, "terraform", "plan.json"), "TEMPLATE": filepath.Join(fixtures, "cloudformation", "template.yaml"),
				"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
			} {
				env.Setenv(name, value)
			}
			// An archive of a trail, signed with a key that nobody has any more.
			return os.CopyFS(filepath.Join(env.WorkDir, "sample"), os.DirFS(filepath.Join("testdata", "sample")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "nofiles": noFiles},
	})
}

// exits runs keyproof and wants an exit code: `exits 3 scan --region eu-west-1`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: exits CODE [argument...]")
	}
	code := 0
	if err := ts.Exec("keyproof", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("run keyproof: %v", err)
		}
		code = exit.ExitCode()
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("exit code %s, want %s; stderr:\n%s", got, args[0], ts.ReadFile("stderr"))
	}
}

// noFiles wants no file to match the patterns, finished or half-written.
func noFiles(ts *testscript.TestScript, _ bool, patterns []string) {
	for _, pattern := range patterns {
		found, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		if len(found) > 0 {
			ts.Fatalf("left behind: %s", strings.Join(found, ", "))
		}
	}
}
