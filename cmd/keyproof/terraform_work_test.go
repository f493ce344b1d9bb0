package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
)

// terraformFixture has the HCL of the made-up service.
var terraformFixture = filepath.Join("..", "..", "fixtures", "terraform")

// terraformWork is a folder with HCL, and a moto server that stands for the
// account.
type terraformWork struct {
	t       *testing.T
	dir     string
	program string
	url     string   // of moto
	account []string // settings of the AWS SDK
	env     []string // of terraform
}

// newTerraformWork starts moto and copies the fixture to a folder of its own.
func newTerraformWork(t *testing.T) *terraformWork {
	t.Helper()
	program, config := needs.Terraform(t)
	w := &terraformWork{t: t, dir: t.TempDir(), program: program, url: motoForTerraform(t)}
	require.NoError(t, os.CopyFS(w.dir, os.DirFS(terraformFixture)))
	w.account = []string{
		"AWS_ENDPOINT_URL=" + w.url, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull, "AWS_MAX_ATTEMPTS=2",
	}
	w.env = append(append(os.Environ(), w.account...), "TF_CLI_CONFIG_FILE="+config, "TF_VAR_first_password=SENTINEL-first", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	w.terraform("get")
	return w
}

// terraform runs it in the folder and returns what it prints.
func (w *terraformWork) terraform(args ...string) []byte {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, w.program, args...)
	cmd.Dir, cmd.Env = w.dir, w.env
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(w.t, err, "terraform %s: %s\n%s", args[0], stderr.String(), out[max(0, len(out)-3000):])
	return out
}

// plan makes a plan, leaves it saved as plan.out, and writes it as JSON.
func (w *terraformWork) plan(name string) string {
	w.t.Helper()
	w.terraform("plan", "-no-color", "-input=false", "-out=plan.out")
	path := filepath.Join(w.dir, name)
	require.NoError(w.t, os.WriteFile(path, w.terraform("show", "-json", "plan.out"), 0o600))
	return path
}

// apply does what the plan made last says.
func (w *terraformWork) apply() {
	w.t.Helper()
	w.terraform("apply", "-no-color", "-input=false", "plan.out")
}

// edit replaces what matches in a file of the folder, which must be there.
func (w *terraformWork) edit(name, pattern, with string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	raw, err := os.ReadFile(path)
	require.NoError(w.t, err)
	re := regexp.MustCompile(pattern)
	require.True(w.t, re.Match(raw), "%s: %s", name, pattern)
	require.NoError(w.t, os.WriteFile(path, re.ReplaceAllLiteral(raw, []byte(with)), 0o600))
}

// scan saves what keyproof finds in the account.
func (w *terraformWork) scan() string {
	w.t.Helper()
	path := filepath.Join(w.dir, "live.ndjson.zst")
	code, _, stderr := runNow(w.t, w.account, "scan", "--no-rate-limit", "--region", "us-east-1", "--region", "eu-west-1", "--save", path, "--output", "json="+filepath.Join(w.dir, "live.json"))
	require.Equal(w.t, exitFail, code, stderr)
	return path
}

// exitFail is the code of a verdict that something fails.
const exitFail = 3
