package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// output is one report to write: a format and a path, "-" for stdout.
type output struct {
	format reports.Format
	path   string
}

// parseOutputs reads --output values: format=path, or a format alone for
// stdout. Text goes to stdout when nothing else does.
func parseOutputs(specs []string) ([]output, error) {
	var list []output
	taken := map[string]bool{}
	for _, spec := range specs {
		name, path, ok := strings.Cut(spec, "=")
		if !ok || path == "" {
			path = "-"
		}
		f, err := reports.Find(name)
		if err != nil {
			return nil, usageError{err}
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

func where(path string) string {
	if path == "-" {
		return "standard output"
	}
	return path
}

// write writes all reports, files first, so that a terminal's last words are
// the summary.
func (sys system) write(list []output, r *model.Report, o reports.Options) error {
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
	f, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return 0, false
	}
	color = sys.getenv("NO_COLOR") == "" && sys.getenv("TERM") != "dumb"
	if n, err := strconv.Atoi(sys.getenv("COLUMNS")); err == nil && n > 0 {
		return n, color
	}
	if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
		return n, color
	}
	return 80, color
}
