package main

import (
	"bytes"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/browser"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// TestExamplePictures makes the pictures of the README anew, of the whole example
// account: `make examples`. Pixels depend on the machine's fonts, so that they
// are compared with nothing.
func TestExamplePictures(t *testing.T) {
	if !*update {
		t.Skip("only make examples makes pictures")
	}
	save := func(name string, p *browser.Page) {
		require.NoError(t, os.WriteFile(filepath.Join(examplesDir, name), p.Picture(), 0o644))
	}
	p := browser.Open(t, htmlOf(t, "demo", "--quiet"))
	p.Wait(`document.querySelectorAll("#rows tr").length > 0`)
	p.Look(1200, "screen", "light")
	save("report-light.png", p)
	p.Look(480, "screen", "dark")
	save("report-dark.png", p)

	p = browser.Open(t, terminalPage(colored(t)))
	p.Look(960, "screen", "dark")
	save("terminal.png", p)
}

// colored is the text report as a terminal gets it.
func colored(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scan.zst")
	code, stderr := demo(t, nil, "--save", path)
	require.Equal(t, 3, code, stderr)
	snap, err := snapfile.Open(path)
	require.NoError(t, err)
	judge, err := (&judgeOptions{noSearch: true}).load(t.Context())
	require.NoError(t, err)
	spool, err := model.NewResultSpool(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = spool.Close() })
	r, err := judge.Evaluate(t.Context(), snap, spool)
	require.NoError(t, err)
	f, err := reports.Find("text")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, f.Write(&out, r, reports.Options{Width: 100, Color: true, Limit: 3, Verdict: r.Verdict(model.VerdictPolicy{})}))
	return out.String()
}

var sgr = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// terminalPage shows the beginning of what a terminal gets, in its colours.
func terminalPage(text string) string {
	lines := strings.Split(text, "\n")
	text = strings.Join(lines[:min(len(lines), 50)], "\n")
	classes := map[string]string{"1": "b", "2": "f", "31": "r", "32": "g", "33": "y", "36": "c", "7": "i"}
	body, open := strings.Builder{}, false
	for last := 0; ; {
		at := sgr.FindStringSubmatchIndex(text[last:])
		if at == nil {
			body.WriteString(html.EscapeString(text[last:]))
			break
		}
		body.WriteString(html.EscapeString(text[last : last+at[0]]))
		if open {
			body.WriteString("</span>")
		}
		var names []string
		for code := range strings.SplitSeq(text[last+at[2]:last+at[3]], ";") {
			if classes[code] != "" {
				names = append(names, classes[code])
			}
		}
		if open = len(names) > 0; open {
			body.WriteString(`<span class="` + strings.Join(names, " ") + `">`)
		}
		last += at[1]
	}
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>keyproof</title><style>
body { margin: 0; background: #0f1419; color: #e6edf3; } pre { margin: 16px; font: 14px/1.35 monospace; }
.b { font-weight: 700; } .f { opacity: .65; } .r { color: #ff7b72; } .g { color: #7ee787; } .y { color: #f0b755; } .c { color: #79c0ff; }
.i { background: currentColor; } .i.r { background: #ff7b72; color: #0f1419; } .i.g { background: #7ee787; color: #0f1419; } .i.y { background: #f0b755; color: #0f1419; }
</style></head><body><pre><span class="g">$</span> keyproof demo` + "\n" + body.String() + "</pre></body></html>"
}
