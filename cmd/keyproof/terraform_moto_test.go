package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/needs"
)

// motoForTerraform starts a moto server whose functions need no Docker, behind a
// proxy that mends what the provider needs and moto 5.2.1 does otherwise than AWS:
// StartLogging and StopLogging know no ARN, and DescribeTrails returns all trails
// whatever is asked for.
func motoForTerraform(t *testing.T) string {
	t.Helper()
	server := needs.Program(t, "moto_server", "pip install 'moto[server]'")
	port := freePort(t)
	logs, err := os.Create(filepath.Join(t.TempDir(), "moto.log"))
	require.NoError(t, err)
	cmd := exec.Command(server, "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	cmd.Stdout, cmd.Stderr = logs, logs
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = logs.Close()
	})
	at := &url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", port)}
	require.Eventually(t, func() bool {
		resp, err := http.Post(at.String()+"/moto-api/config", "application/json", strings.NewReader(`{"lambda":{"use_docker":false}}`))
		if err == nil {
			resp.Body.Close()
		}
		return err == nil
	}, 60*time.Second, 100*time.Millisecond, "moto does not start")
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(at)
			r.Out.Host = r.In.Host
			r.Out = askTrail(t, r.Out)
		},
		ModifyResponse: func(r *http.Response) error { return answerTrails(r) },
	})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// asked is the key of the trails that a request names.
type asked struct{}

func askTrail(t *testing.T, r *http.Request) *http.Request {
	_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "CloudTrail_20131101.")
	switch op {
	case "StartLogging", "StopLogging", "DescribeTrails":
	default:
		return r
	}
	raw, err := io.ReadAll(r.Body)
	in := map[string]any{}
	if err == nil {
		err = json.Unmarshal(raw, &in)
	}
	if err != nil {
		t.Errorf("the proxy cannot read a request: %v: %s", err, raw)
	}
	if name, ok := in["Name"].(string); ok {
		in["Name"] = name[strings.LastIndex(name, "/")+1:]
		raw, _ = json.Marshal(in)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return r.WithContext(context.WithValue(r.Context(), asked{}, in["trailNameList"]))
}

func answerTrails(r *http.Response) error {
	names, ok := r.Request.Context().Value(asked{}).([]any)
	if !ok || len(names) == 0 {
		return nil
	}
	var out struct {
		TrailList []map[string]any `json:"trailList"`
	}
	if err := json.NewDecoder(r.Body).Decode(&out); err != nil {
		return err
	}
	out.TrailList = slices.DeleteFunc(out.TrailList, func(trail map[string]any) bool {
		return !slices.Contains(names, trail["TrailARN"]) && !slices.Contains(names, trail["Name"])
	})
	raw, err := json.Marshal(out)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	r.Header.Set("Content-Length", fmt.Sprint(len(raw)))
	return err
}
