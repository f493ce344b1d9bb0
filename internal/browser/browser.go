// Package browser is for tests: it opens a report in a real Chromium that can
// reach nothing, and keeps what the page complains of and asks for.
package browser

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/keyproof/keyproof/internal/needs"
)

// Page is an open page. Its methods fail the test on an error.
type Page struct {
	t   testing.TB
	ctx context.Context

	mu     sync.Mutex
	events []string
}

// Open writes a page to a file and opens it, or skips the test where there is no
// Chromium. The browser ends with the test.
func Open(t testing.TB, html string) *Page {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(needs.Program(t, "chromium", "apt-get install chromium")),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), // whatever asks for a name gets none
	)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	p := &Page{t: t, ctx: ctx}
	p.must(chromedp.Listen(ctx, p.listen))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	p.must(err)
	p.must(chromedp.Do(ctx, chromedp.Navigate("file://"+path)))
	return p
}

// listen keeps what no report should cause: messages of the console, exceptions,
// dialogs, and requests for anything but the file itself.
func (p *Page) listen(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		text = "console: " + string(e.Type)
	case *runtime.EventExceptionThrown:
		text = "exception: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		text = "log: " + e.Entry.Text
	case *page.EventJavascriptDialogOpening:
		text = "dialog: " + e.Message
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file://") {
			text = "request: " + e.Request.URL
		}
	}
	if text != "" {
		p.mu.Lock()
		p.events = append(p.events, text)
		p.mu.Unlock()
	}
}

// Complaints are what the page wrote to the console and asked the network for.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.events)
}

// Eval returns the value of an expression, a promise's when it settles.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	p.must(err)
	return v
}

// Wait returns when an expression is true, and fails the test after 5 seconds.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(patience)))
	if err != nil {
		p.t.Fatalf("wait for %s: %v", expression, err)
	}
}

// Focus gives an element the focus, as Tab does.
func (p *Page) Focus(selector string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.Focus(chromedp.CSS(selector))))
}

// Type presses keys, which go to what has the focus.
func (p *Page) Type(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys)))
}

// Click clicks with the mouse.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.Click(chromedp.CSS(selector))))
}

// Look sets what the reader has: width in CSS pixels, screen or print, light or
// dark.
func (p *Page) Look(width int, medium, scheme string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.EmulateViewport(int64(width), 1000)))
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	p.must(err)
}

// PDF prints the page.
func (p *Page) PDF() []byte {
	p.t.Helper()
	raw, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	p.must(err)
	return raw
}

// Picture is the part of the page that can be seen, as a PNG; see Look.
func (p *Page) Picture() []byte {
	p.t.Helper()
	raw, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.must(err)
	return raw
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// Reload opens the page anew.
func (p *Page) Reload() {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.Reload()))
}
