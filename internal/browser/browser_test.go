package browser_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/browser"
)

// TestPageComplains makes sure that what the tests of reports find nothing of
// would be found.
func TestPageComplains(t *testing.T) {
	p := browser.Open(t, `<!DOCTYPE html><html><head><title>x</title><meta http-equiv="Content-Security-Policy" content="font-src 'none'">
<style>@font-face { font-family: x; src: url(font.woff) } p { color: #ccc; font-family: x }</style></head>
<body><img src="http://evil.example/x"><p>pale</p><script>console.log("said"); undefined.x;</script></body></html>`)
	p.Wait(`document.readyState === "complete"`)
	got := strings.Join(p.Complaints(), "\n")
	for _, want := range []string{"console: log", "exception: Uncaught", "request: http://evil.example/x", "Content Security Policy"} {
		require.Contains(t, got, want)
	}
	var ids []string
	for _, v := range p.Violations(filepath.Join("..", "..")) {
		ids = append(ids, v.ID)
	}
	require.Subset(t, ids, []string{"image-alt", "color-contrast", "html-has-lang"})
}
