package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/internal/chromium"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// output is one report to write: a format and a path, "-" for stdout.
type output struct {
	format reports.Format
	path   string
}

// parseOutputs reads --output values: format=path, or a format alone for
// stdout. Text goes to stdout when nothing else does. What a format needs is
// looked for now, and not after a long scan, and so is whether its file can be written.
func (sys system) parseOutputs(specs []string) ([]output, error) {
	var list []output
	taken := map[string]bool{}
	for _, spec := range specs {
		name, path, ok := strings.Cut(spec, "=")
		switch {
		case !ok:
			path = "-"
		case path == "": // a variable of a script that is not set; its file would be missed later
			return nil, usagef("--output %s: no path after the =: name a file, or leave out the = for standard output", spec)
		}
		f, err := reports.Find(name)
		if err != nil {
			return nil, usageError{err}
		}
		if err := sys.ready(f, path); err != nil {
			return nil, err
		}
		if taken[path] {
			return nil, usagef("--output names %s twice; give each report a path of its own", where(path))
		}
		taken[path] = true
		list = append(list, output{f, path})
	}
	if !taken["-"] {
		f, err := reports.Find("text")
		if err != nil {
			return nil, err
		}
		list = append(list, output{f, "-"})
	}
	return list, nil
}

// ready says why a format cannot be written to a path.
func (sys system) ready(f reports.Format, path string) error {
	if f.Binary && path == "-" && sys.isTerminal(sys.stdout) {
		return usagef("%s is not for a terminal; name a file: --output %s=report.%s", f.Name, f.Name, f.Extension)
	}
	if path != "-" {
		if err := atomicfile.Check(path); err != nil {
			return fmt.Errorf("%s report: %w", f.Name, err)
		}
	}
	if f.Prints {
		if _, err := chromium.Find(sys.getenv); err != nil {
			return fmt.Errorf("%s report: %w", f.Name, err)
		}
	}
	return nil
}

// print prints pages with the browser of the machine.
func (sys system) print(ctx context.Context) func(io.Writer, func(io.Writer) error) error {
	return func(w io.Writer, page func(io.Writer) error) error {
		path, err := chromium.Find(sys.getenv)
		if err != nil {
			return err
		}
		return chromium.Print(ctx, path, w, page)
	}
}

func where(path string) string {
	if path == "-" {
		return "standard output"
	}
	return path
}

// write writes all reports, files first, so that a terminal's last words are
// the summary.
func (sys system) write(ctx context.Context, list []output, r *model.Report, o reports.Options) error {
	o.Print = sys.print(ctx)
	for _, out := range list {
		if out.path == "-" {
			continue
		}
		if err := reports.WriteFile(out.path, out.format, r, o); err != nil {
			return err
		}
		fmt.Fprintf(sys.stderr, "wrote %s\n", out.path)
	}
	for _, out := range list {
		if out.path != "-" {
			continue
		}
		o := o
		o.Width, o.Color = sys.terminal(sys.stdout)
		if err := out.format.Write(sys.stdout, r, o); err != nil {
			return fmt.Errorf("write the report to standard output: %w", err)
		}
	}
	return nil
}

// terminal returns the width of w, 0 when it is no terminal, and whether to
// use colours there (https://no-color.org).
func (sys system) terminal(w io.Writer) (width int, color bool) {
	if !sys.isTerminal(w) {
		return 0, false
	}
	f := w.(*os.File)
	color = sys.getenv("NO_COLOR") == "" && sys.getenv("TERM") != "dumb"
	if n, err := strconv.Atoi(sys.getenv("COLUMNS")); err == nil && n > 0 {
		return n, color
	}
	if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
		return n, color
	}
	return 80, color
}

func (system) isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
