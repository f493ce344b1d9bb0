package chromium_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/chromium"
	"github.com/keyproof/keyproof/internal/needs"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func page(html string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, html); return err }
}

// script is a program that stands in for a browser.
func script(t *testing.T, text string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-ins for a browser are shell scripts")
	}
	path := filepath.Join(t.TempDir(), "browser")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
	return path
}

func TestFind(t *testing.T) {
	here := script(t, "exit 0")
	got, err := chromium.Find(env(chromium.Variable, here))
	require.NoError(t, err)
	require.Equal(t, here, got)

	_, err = chromium.Find(env(chromium.Variable, filepath.Join(t.TempDir(), "none")))
	require.ErrorContains(t, err, "CHROME names")

	t.Setenv("PATH", t.TempDir())
	if runtime.GOOS == "linux" { // elsewhere it is looked for in folders, too
		_, err = chromium.Find(env())
		require.ErrorContains(t, err, "looked in PATH for chromium, chromium-browser, google-chrome")
		require.ErrorContains(t, err, "apt-get install chromium")
		require.ErrorContains(t, err, "CHROME=/path/to/chrome")
	}
	t.Setenv("PATH", filepath.Dir(here))
	require.NoError(t, os.Rename(here, filepath.Join(filepath.Dir(here), "google-chrome")))
	got, err = chromium.Find(env())
	require.NoError(t, err)
	require.Equal(t, "google-chrome", filepath.Base(got))
}

// TestPrint prints a page that would fetch a picture, and finds neither a
// request nor a file left behind.
func TestPrint(t *testing.T) {
	browser := needs.Program(t, "chromium", "apt-get install chromium")
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	var asked atomic.Int64
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) })}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })

	var out bytes.Buffer
	html := fmt.Sprintf(`<!DOCTYPE html><title>x</title><img src="http://%s/x.png"><p id="p">before</p><script>document.getElementById("p").textContent = "after"</script>`, listener.Addr())
	require.NoError(t, chromium.Print(t.Context(), browser, &out, page(html)))
	require.True(t, bytes.HasPrefix(out.Bytes(), []byte("%PDF-")))
	require.Zero(t, asked.Load())
	left, err := filepath.Glob(filepath.Join(tmp, "keyproof-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestPrintFails(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	short, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	for name, c := range map[string]struct {
		ctx    context.Context
		script string
		page   func(io.Writer) error
		want   []string
	}{
		"nothing printed": {t.Context(), "exit 0", page(""), []string{"ended without a PDF"}},
		"something else":  {t.Context(), `for f; do case $f in --print-to-pdf=*) echo no > "${f#*=}";; esac; done`, page(""), []string{"is not a PDF"}},
		"it says why":     {t.Context(), "echo 'dbus/bus.cc: noise'; echo 'No usable sandbox!' >&2; exit 1", page(""), []string{"exit status 1", "it said: No usable sandbox!", "adds --no-sandbox"}},
		"it hangs":        {short, "exec sleep 60", page(""), []string{"context deadline exceeded"}},
		"no page":         {t.Context(), "exit 0", func(io.Writer) error { return errors.New("results are gone") }, []string{"results are gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := chromium.Print(c.ctx, script(t, c.script), &out, c.page)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.Empty(t, out.Bytes())
			left, err := filepath.Glob(filepath.Join(tmp, "keyproof-*"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}
