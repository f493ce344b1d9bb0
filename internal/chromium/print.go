package chromium

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Patience is how long a browser may take for a page. A report of 20,000 results
// takes seconds; a browser that waits for something waits for ever.
const Patience = 2 * time.Minute

// Print has the browser at path print a page: page writes its HTML, and w gets
// the PDF, all of it or nothing. Scripts of the page run before it is printed.
func Print(ctx context.Context, path string, w io.Writer, page func(io.Writer) error) (err error) {
	dir, err := os.MkdirTemp("", "keyproof-print-*")
	if err != nil {
		return fmt.Errorf("make a temporary directory: %w; set TMPDIR to a writable directory", err)
	}
	defer func() { err = errors.Join(err, remove(dir)) }()
	html, pdf := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
	if err := save(html, page); err != nil {
		return err
	}
	if err := browse(ctx, path, dir, html, pdf); err != nil {
		return err
	}
	f, err := os.Open(pdf)
	if err != nil {
		return fmt.Errorf("read what %s printed: %w", path, err)
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// save writes the page to a file, which any length of it fits in.
func save(name string, page func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the page to print: %w", err)
	}
	if err := page(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write the page to print: %w; free space there or set TMPDIR", err)
	}
	return nil
}

// browse runs the browser until it has printed. That it ended well says little:
// what counts is the file.
func browse(ctx context.Context, path, dir, html, pdf string) error {
	ctx, stop := context.WithTimeoutCause(ctx, Patience, fmt.Errorf("it did not print within %s", Patience))
	defer stop()
	cmd := exec.CommandContext(ctx, path, flags(dir, html, pdf)...)
	said := &tail{}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = 5 * time.Second // its children hold the pipes for a moment longer
	err := cmd.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		if err = isPDF(pdf); err == nil {
			return nil
		}
	}
	return fmt.Errorf("print with %s: %w%s", path, err, said.hint())
}

// flags make a browser that prints one file and does nothing else. Without
// privileges to give up, its sandbox is not available to root.
func flags(dir, html, pdf string) []string {
	page := url.URL{Scheme: "file", Path: filepath.ToSlash(html)}
	if !strings.HasPrefix(page.Path, "/") {
		page.Path = "/" + page.Path // C:/…
	}
	list := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", // whatever asks for a name gets none
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + pdf,
	}
	if os.Geteuid() == 0 {
		list = append(list, "--no-sandbox")
	}
	return append(list, page.String())
}

func isPDF(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return errors.New("it ended without a PDF")
	}
	defer f.Close()
	head := make([]byte, 5)
	if _, err := io.ReadFull(f, head); err != nil || !bytes.Equal(head, []byte("%PDF-")) {
		return errors.New("what it wrote is not a PDF")
	}
	return nil
}

// remove tries again for a moment: children of a browser that was ended write to
// its profile until they notice.
func remove(dir string) (err error) {
	for range 20 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("remove the temporary files of the browser: %w", err)
}
