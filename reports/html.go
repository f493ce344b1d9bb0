package reports

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"io"

	"github.com/keyproof/keyproof/model"
)

//go:embed html/style.css
var htmlStyle string

//go:embed html/script.js
var htmlScript string

// writeHTML writes one page that needs nothing else: no network, no server. It
// says the same without scripts but for the table of all results, which a script
// shows a page at a time. Results flow; the numbers of the charts are counted in
// a reading of their own.
//
// Not by html/template: reaching it keeps the linker from dropping unused
// methods, which doubles the size of the program.
func writeHTML(w io.Writer, r *model.Report, o Options) error {
	c, err := collectChange(r, o, htmlRows, defaultWidth)
	if err != nil {
		return err
	}
	by, err := countPlaces(r)
	if err != nil {
		return err
	}
	d := &document{w: bufio.NewWriter(w), report: r, o: o, changed: c}
	d.worstFirst()
	d.begin()
	d.title()
	d.posture(by)
	d.unsettled()
	d.controlTables()
	d.ruleSections()
	d.waivers()
	d.parameters()
	if err := d.results(); err != nil {
		return err
	}
	d.raw("</main>\n<script>" + htmlScript + "</script>\n</body>\n</html>\n")
	return d.w.Flush()
}

// htmlRows is how many resources of a rule are listed beside the rule; the table
// of results has all.
const htmlRows = 20

// document is a page in the making. Errors are kept by the bufio.Writer.
type document struct {
	w      *bufio.Writer
	report *model.Report
	o      Options
	*changed
}

// raw writes markup, which is of our own words alone.
func (d *document) raw(s string) { d.w.WriteString(s) }

// text writes a string from anywhere, cleaned and escaped for text and for
// quoted attributes.
func (d *document) text(s string) { d.w.WriteString(htmlText(s)) }

// element writes an element of one text. class may be empty.
func (d *document) element(name, class, s string) {
	d.raw("<" + name)
	if class != "" {
		d.raw(` class="` + class + `"`)
	}
	d.raw(">" + htmlText(s) + "</" + name + ">")
}

func htmlText(s string) string { return html.EscapeString(Clean(s)) }

// begin writes the head. The policy lets the browser run our script and apply our
// style, by their digests, and load or send nothing at all.
func (d *document) begin() {
	d.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	d.raw(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '` + digest(htmlStyle) + `'; script-src '` + digest(htmlScript) + `'; base-uri 'none'; form-action 'none'">` + "\n")
	d.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>keyproof: ")
	d.text(d.o.Verdict.String() + ", " + d.report.Source)
	d.raw("</title>\n<style>" + htmlStyle + "</style>\n</head>\n<body>\n<main>\n")
}

// digest is how a content security policy names an inline script or style.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
