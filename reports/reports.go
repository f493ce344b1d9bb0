// Package reports writes a model.Report for people (text, html, pdf, xlsx,
// markdown), for programs (json, csv) and for what developers and auditors have already: code
// scanning (sarif), CI servers (junit), GitHub workflows (github), security
// data lakes (ocsf), tools of compliance (oscal) and Security Hub (asff).
//
// Four promises hold for every format. A format never judges: the verdict comes
// in with the Options, and nothing here can change it. What is not known is said
// as plainly as what fails. Results are read as they flow, so a report of any
// length is written in bounded memory. And no string of an account reaches a
// terminal with characters that could act on it.
//
// A new format is one file and one entry in Formats.
package reports

import (
	"fmt"
	"io"

	"github.com/keyproof/keyproof/internal/nearest"
	"github.com/keyproof/keyproof/model"
)

// Format is one way to write a report.
type Format struct {
	Name      string // as in --output name=path
	Doc       string // one sentence
	Extension string // of a file of this format, without a dot
	Binary    bool   // not for a terminal
	Prints    bool   // needs Options.Print
	// Write writes the whole report to w. It may iterate over the results more
	// than once. On an error what was written so far is not a report.
	Write func(w io.Writer, r *model.Report, o Options) error
}

// Options are what a format needs besides the report.
type Options struct {
	// Width is the number of columns to fill; 0 means that w is not a terminal.
	Width int
	// Color allows ANSI colours; without it no escape code is written.
	Color bool
	// Limit is how many failures text shows of one rule; 0 means all. Programs'
	// formats are always complete.
	Limit int
	// Verdict is the answer to print. Its zero value is unknown.
	Verdict model.Verdict
	// Policy is what counted in the verdict, to say it in words.
	Policy model.VerdictPolicy
	// Gate is what counted against a proposed change; nil in a scan. What it
	// ignores is counted in summaries and not listed.
	Gate *model.GatePolicy
	// Against says what a proposed change does to the failures of the scan that it
	// was compared with; empty when it was not.
	Against string
	// History is earlier runs, oldest first, of the same accounts and regions; a
	// trend needs one at least.
	History []model.RunSummary
	// Print writes a page, whose HTML page writes, to w as a PDF. Nil: nothing here
	// can print.
	Print func(w io.Writer, page func(io.Writer) error) error
}

// Formats lists all formats, the default first.
func Formats() []Format {
	return []Format{
		{Name: "text", Doc: "a summary and the failures, for people", Extension: "txt", Write: writeText},
		{Name: "json", Doc: "everything, versioned and with a published schema, for programs", Extension: "json", Write: writeJSON},
		{Name: "sarif", Doc: "SARIF 2.1.0, for GitHub code scanning and editors", Extension: "sarif", Write: writeSARIF},
		{Name: "junit", Doc: "a test case for each rule and resource, for CI servers", Extension: "xml", Write: writeJUnit},
		{Name: "github", Doc: "the worst results as annotations in the log of a GitHub workflow", Extension: "txt", Write: writeGitHub},
		{Name: "html", Doc: "one page with everything, for auditors: charts, controls, search", Extension: "html", Write: writeHTML},
		{Name: "pdf", Doc: "the html page as it prints, by a Chromium on this machine", Extension: "pdf", Binary: true, Prints: true, Write: writePDF},
		{Name: "csv", Doc: "a row for each result, for spreadsheets", Extension: "csv", Write: writeCSV},
		{Name: "xlsx", Doc: "a workbook for auditors: a sheet for each framework, all results, filters set", Extension: "xlsx", Binary: true, Write: writeXLSX},
		{Name: "ocsf", Doc: "OCSF 1.6.0 compliance and detection findings, for security data lakes", Extension: "ocsf.json", Write: writeOCSF},
		{Name: "oscal", Doc: "OSCAL 1.2.1 assessment results, for tools of compliance", Extension: "oscal.json", Write: writeOSCAL},
		{Name: "asff", Doc: "the AWS Security Finding Format, for Security Hub; of accounts only", Extension: "asff.json", Write: writeASFF},
		{Name: "markdown", Doc: "a summary for a pull request's comment or a CI job, at most 60 kB", Extension: "md", Write: writeMarkdown},
	}
}

// Find returns the format with a name.
func Find(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	hint := ""
	if n := nearest.Name(name, names); n != "" {
		hint = fmt.Sprintf("did you mean %s? ", n)
	}
	return Format{}, fmt.Errorf("output format %q does not exist: %sthe formats are %s", name, hint, list(names))
}

// least is the mildest severity that counts in a verdict.
func (o Options) least() model.Severity {
	if o.Policy.MinSeverity == "" {
		return model.SeverityLow // the default of model.VerdictPolicy
	}
	return o.Policy.MinSeverity
}
