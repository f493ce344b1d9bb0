package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
)

// TestMotoPush sends the results of an empty account to moto's Security Hub,
// which nobody here wrote: the calls are as its reading of the API has them, and
// the second time it knows the findings.
func TestMotoPush(t *testing.T) {
	port := freePort(t)
	cmd := exec.Command(needs.Program(t, "moto_server", "pip install 'moto[server]'"), "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	require.Eventually(t, func() bool {
		r, err := http.Get(url + "/moto-api/data.json")
		if err == nil {
			r.Body.Close()
		}
		return err == nil
	}, 60*time.Second, 100*time.Millisecond)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(name, value)
	}
	push := func(at time.Time) string {
		var out, errs bytes.Buffer
		code := run(t.Context(), strings.Fields("scan --quiet --no-rate-limit --region us-east-1 --rule ACC-001 --push securityhub"), system{
			getenv: func(string) string { return "" }, stdout: &out, stderr: &errs, now: func() time.Time { return at }, version: "test"})
		require.Equal(t, 3, code, errs.String())
		return errs.String()
	}
	require.Contains(t, push(scriptNow), "Security Hub: 1 new, 0 updated, 0 resolved, 0 archived")
	require.Contains(t, push(scriptNow.Add(time.Hour)), "Security Hub: 0 new, 1 updated, 0 resolved, 0 archived")
}
