package evaluator

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func pack(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	gz := gzip.NewWriter(&buf)
	w := tar.NewWriter(gz)
	for _, name := range sortedKeys(files) {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(files[name]))}))
		_, err := io.WriteString(w, files[name])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, gz.Close())
	return buf.Bytes()
}

func TestBundle(t *testing.T) {
	rule := ruleText("r", "OWN-1", "secret", "", off)
	f, err := Bundle(bytes.NewReader(pack(t, map[string]string{
		".manifest": `{"roots": ["rules/test"]}`, "/own/r.rego": rule, "own/README.md": "text",
	})))
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(f, "own/r.rego"))
	raw, err := fs.ReadFile(f, "own/r.rego")
	require.NoError(t, err)
	require.Equal(t, rule, string(raw))
}

func TestBundleJudges(t *testing.T) {
	f, err := Bundle(bytes.NewReader(pack(t, map[string]string{"/own/r.rego": ruleText("r", "OWN-1", "secret", "", off)})))
	require.NoError(t, err)
	ours := files(ruleText("s", "T-1", "secret", "", off))
	j, err := New(t.Context(), Options{Strict: true, Users: []Source{{Name: "b.tar.gz/", Files: f}}}, ours)
	require.NoError(t, err)
	require.Len(t, j.Rules(), 2)
	bad, err := Bundle(bytes.NewReader(pack(t, map[string]string{"own/r.rego": ruleText("r", "OWN-1", "secret", "", "violation contains {} if input.now")})))
	require.NoError(t, err)
	_, err = New(t.Context(), Options{Strict: true, Users: []Source{{Name: "b.tar.gz/", Files: bad}}}, ours)
	require.ErrorContains(t, err, "b.tar.gz/own/r.rego:13", "a bundle's rules are checked like any other")
}

func TestBadBundlesAreRefused(t *testing.T) {
	zeros := strings.Repeat("\x00", bundleUnpacked+1)
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"empty", nil, "not a bundle"},
		{"text", []byte("hello"), "not a bundle"},
		{"cut off", pack(t, map[string]string{"r.rego": "package a"})[:40], "unpack the bundle"},
		{"no tar", gzipped(t, "hello"), "read bundle"},
		{"malformed Rego", pack(t, map[string]string{"r.rego": "package"}), "r.rego:1"},
		{"roots that do not hold the rule", pack(t, map[string]string{".manifest": `{"roots": ["other"]}`, "r.rego": "package rules.a.b"}), "manifest roots"},
		{"data", pack(t, map[string]string{"data.json": `{"a": 1}`}), "holds data files"},
		{"compiled", pack(t, map[string]string{"policy.wasm": "x"}), "compiled"},
		{"bomb", gzipped(t, zeros), "unpacks to more than"},
		{"one huge file", pack(t, map[string]string{"r.rego": "package a\n#" + strings.Repeat("x", bundleFile)}), "r.rego"},
		{"one file twice", pack(t, map[string]string{"/r.rego": "package lib.a\n\nx := 1", "r.rego": "package lib.a\n\nx := 2"}), "r.rego twice"},
		{"huge", append(pack(t, map[string]string{}), make([]byte, bundlePacked)...), "has more than 8 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Bundle(bytes.NewReader(c.raw))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var buf bytes.Buffer
	gz := gzip.NewWriter(&buf)
	_, err := io.WriteString(gz, text)
	require.NoError(t, err)
	require.NoError(t, gz.Close())
	return buf.Bytes()
}

func FuzzBundle(f *testing.F) {
	f.Add([]byte("hello"))
	f.Fuzz(func(_ *testing.T, raw []byte) { _, _ = Bundle(bytes.NewReader(raw)) })
}
