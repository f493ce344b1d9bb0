package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"github.com/yuin/goldmark"
	unsafe "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"github.com/keyproof/keyproof/internal/browser"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// evil begins as a formula and goes on as everything else that acts on some
// reader: markup, a script, an end of CDATA, ANSI sequences, an override of the
// direction, line ends with a command of a workflow, NUL and half a character.
const evil = "=HYPERLINK(\"http://evil.example\")\"'><script>window.pwned=1;alert(1)</script><img src=x onerror=alert(2)>]]>" +
	"\x1b[31m\x1b]0;pwned\x07\u202e\r\n::error::pwned\n\x00|`<!--_x000A_${{x}}"

// hostile poisons the strings that whoever may write to an account chooses:
// names, ids, tags, descriptions, and what is in policies. One description has
// 64 KiB.
func hostile(r *model.Resource) (*model.Resource, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	for _, key := range []string{"name", "id"} {
		doc[key] = evil + doc[key].(string)
	}
	attributes := doc["attributes"].(map[string]any)
	for key, v := range attributes {
		switch {
		case key == "description":
			attributes[key] = evil + strings.Repeat("x", 64<<10)
		case key == "name", strings.HasPrefix(key, "tag"):
			attributes[key] = poison(v, true)
		case key == "policy_statements":
			attributes[key] = poison(v, false)
		}
	}
	if raw, err = json.Marshal(doc); err != nil {
		return nil, err
	}
	out := new(model.Resource)
	return out, json.Unmarshal(raw, out)
}

// poison poisons all strings in a value, and with keys also those by which its
// maps are read.
func poison(v any, keys bool) any {
	switch v := v.(type) {
	case string:
		return evil + v
	case []any:
		for i := range v {
			v[i] = poison(v[i], keys)
		}
	case map[string]any:
		all := map[string]any{}
		for k, e := range v {
			if keys {
				k = evil + k
			}
			all[k] = poison(e, keys)
		}
		return all
	}
	return v
}

// hostileScan is a saved scan of the example account with hostile names.
func hostileScan(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.zst"), filepath.Join(dir, "bad.zst")
	code, stderr := demo(t, nil, "--save", good)
	require.Equal(t, 3, code, stderr)
	snap, err := snapfile.Open(good)
	require.NoError(t, err)
	resources := snap.Resources
	snap.Outlines = nil
	snap.Resources = func(yield func(*model.Resource, error) bool) {
		for r, err := range resources {
			if err == nil {
				r, err = hostile(r)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
	require.NoError(t, snapfile.Write(bad, snap))
	return bad
}

// TestHostileNamesInEveryFormat writes every format from one hostile account and
// reads each with a parser of it: the names are there, and nothing acts.
func TestHostileNamesInEveryFormat(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(format string) string { return filepath.Join(dir, format) }
	args := []string{"scan", "--from", hostileScan(t), "--limit", "0"}
	_, chromium := exec.LookPath("chromium")
	for _, f := range reports.Formats() {
		if !f.Prints || chromium == nil {
			args = append(args, "-o", f.Name+"="+path(f.Name))
		}
	}
	var out bytes.Buffer
	code := run(t.Context(), args, system{getenv: func(string) string { return "" }, stdout: &out, stderr: &out, now: func() time.Time { return scriptNow }, version: "test"})
	require.Equal(t, 3, code, tailOf(out.String()))
	for _, f := range reports.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			if f.Prints {
				needs.Program(t, "chromium", "apt-get install chromium")
			}
			raw, err := os.ReadFile(path(f.Name))
			require.NoError(t, err)
			if !f.Binary {
				require.True(t, utf8.Valid(raw))
				at := bytes.IndexFunc(raw, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
				require.Equal(t, -1, at, "a character that acts")
			}
			check := harmless(t)[f.Name]
			require.NotNil(t, check, "a new format needs a reader here")
			check(string(raw))
		})
	}
}

func tailOf(s string) string { return s[max(0, len(s)-2000):] }

// harmless says, for each format, how it is read and what must not be in it.
func harmless(t *testing.T) map[string]func(string) {
	isJSON := func(text string) {
		require.True(t, json.Valid([]byte(text)))
		require.True(t, strings.Contains(text, "HYPERLINK"))
	}
	lines := func(text string) {
		require.True(t, strings.Contains(text, "HYPERLINK"))
		for line := range strings.SplitSeq(text, "\n") {
			require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::error::pwned"), "a name began a line")
		}
	}
	return map[string]func(string){
		"text": lines, "json": isJSON, "sarif": isJSON, "ocsf": isJSON, "oscal": isJSON, "asff": isJSON, "github": lines,
		"junit": func(text string) {
			dec := xml.NewDecoder(strings.NewReader(text))
			for {
				token, err := dec.Token()
				if errors.Is(err, io.EOF) {
					return
				}
				require.NoError(t, err)
				if start, ok := token.(xml.StartElement); ok {
					require.NotEqual(t, "script", start.Name.Local)
					require.NotEqual(t, "img", start.Name.Local)
				}
			}
		},
		"csv": func(text string) {
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			require.NoError(t, err)
			for _, row := range rows {
				for _, cell := range row {
					require.NotRegexp(t, `^[ "]*[=+@-]`, cell)
				}
			}
		},
		"xlsx": noFormula(t),
		"html": func(text string) {
			doc, err := html.Parse(strings.NewReader(text))
			require.NoError(t, err)
			for n := range doc.Descendants() {
				require.False(t, n.Type == html.ElementNode && (n.Data == "img" || n.Data == "a" && attribute(n, "href")[0] != '#'), "%v", n.Attr)
			}
			p := browser.Open(t, text)
			p.Wait(`document.querySelectorAll("#rows tr").length > 0`)
			require.False(t, browser.Eval[bool](p, `"pwned" in window`))
			require.True(t, browser.Eval[bool](p, `document.body.textContent.includes("HYPERLINK")`))
			require.Empty(t, p.Complaints())
		},
		"pdf": func(text string) {
			require.True(t, strings.HasPrefix(text, "%PDF-"))
			require.False(t, strings.Contains(text, "/JavaScript"))
			require.False(t, strings.Contains(text, "/URI (http"), "no link leaves the document")
		},
		"markdown": func(text string) {
			lines(text)
			var page bytes.Buffer
			require.NoError(t, goldmark.New(goldmark.WithRendererOptions(unsafe.WithUnsafe())).Convert([]byte(text), &page))
			doc, err := html.Parse(&page)
			require.NoError(t, err)
			for n := range doc.Descendants() {
				require.False(t, n.Type == html.ElementNode && (n.Data == "script" || n.Data == "img" || n.Data == "a"), "%s %v", n.Data, n.Attr)
			}
		},
	}
}

// noFormula reads a workbook, and its parts for what only a formula or a link has.
func noFormula(t *testing.T) func(string) {
	return func(text string) {
		f, err := excelize.OpenReader(strings.NewReader(text))
		require.NoError(t, err)
		require.NoError(t, f.Close())
		parts, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
		require.NoError(t, err)
		for _, part := range parts.File {
			r, err := part.Open()
			require.NoError(t, err)
			raw, err := io.ReadAll(r)
			require.NoError(t, err)
			require.False(t, bytes.Contains(raw, []byte("<f>")) || bytes.Contains(raw, []byte("hyperlink")), part.Name)
			at := bytes.IndexFunc(raw, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) })
			require.Equal(t, -1, at, part.Name)
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return " "
}
