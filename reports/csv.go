package reports

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// writeCSV writes a row for each result, in the order of the report, for
// spreadsheets (RFC 4180, but with the line ends that the csv package writes).
// Every framework of the report has a column of its controls, after the others.
func writeCSV(w io.Writer, r *model.Report, _ Options) error {
	out := csv.NewWriter(w)
	frameworks := frameworkIDs(r)
	if err := writeRow(out, append(resultHead(), frameworks...)); err != nil {
		return err
	}
	for res, err := range r.Results {
		if err != nil {
			return readError(err)
		}
		if err := writeRow(out, rowOfResult(ruleOf(r, res.Rule), res, frameworks)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// resultHead names the cells of cellsOf.
func resultHead() []string {
	return []string{
		"rule", "title", "severity", "status", "delta", "kind", "account", "region", "name", "id", "file", "line", "address",
		"why", "attributes", "waived_by", "waived_until", "waived_because", "fix",
	}
}

// frameworkIDs are the frameworks of the report and then others that its rules
// name.
func frameworkIDs(r *model.Report) []string {
	var ids []string
	for i := range r.Frameworks {
		ids = append(ids, r.Frameworks[i].ID)
	}
	for i := range r.Rules {
		ids = append(ids, slices.Sorted(maps.Keys(r.Rules[i].Controls))...)
	}
	return distinct(ids)
}

// rowOfResult is the cells of a result, and after them its controls of each
// framework.
func rowOfResult(rule *model.Rule, res *model.Result, frameworks []string) []string {
	row := cellsOf(rule, res)
	for _, f := range frameworks {
		row = append(row, strings.Join(controlsOf(rule, f), " "))
	}
	return row
}

func cellsOf(rule *model.Rule, res *model.Result) []string {
	at, waiver := model.Origin{}, model.Waiver{}
	if res.Origin != nil {
		at = *res.Origin
	}
	if res.Waiver != nil && res.Status == model.StatusWaived {
		waiver = *res.Waiver
	}
	line := ""
	if at.Line > 0 {
		line = strconv.Itoa(at.Line)
	}
	why, attributes := whyOf(res)
	status := res.Status
	if partOf(res) == partUnknown {
		status = model.StatusUnknown // also of a status that does not exist
	}
	return []string{
		string(rule.ID), rule.Title, string(rule.Severity), string(status), string(res.Delta), string(res.Resource.Kind), res.Resource.Account,
		res.Resource.Region, nameOf(res), res.Resource.ID, at.File, line, at.Address, why, attributes,
		waiver.ApprovedBy, waiver.Expires.String(), waiver.Reason, rule.Remediation.Text,
	}
}

// whyOf is all reasons of a result, and the attributes that they are about.
func whyOf(res *model.Result) (why, attributes string) {
	var reasons, about []string
	switch {
	case partOf(res) == partUnknown:
		for path := range res.Unknown {
			about = append(about, strings.TrimPrefix(path, "resource."))
		}
		reasons = []string{whyUnknown(res)}
	case res.Status == model.StatusNotApplicable:
		reasons = res.NotApplicable
	default:
		for _, f := range res.Findings {
			reasons, about = append(reasons, messageOf(&f)), append(about, f.Attribute)
		}
	}
	about = slices.DeleteFunc(about, func(s string) bool { return s == "" })
	slices.Sort(about)
	return strings.Join(reasons, "; "), strings.Join(slices.Compact(about), " ")
}

func writeRow(out *csv.Writer, cells []string) error {
	for i, cell := range cells {
		cells[i] = csvCell(cell)
	}
	return out.Write(cells)
}

// csvCell cleans a cell and keeps a spreadsheet from reading it as a formula: an
// apostrophe goes before =, +, -, @ and their wide forms at the beginning, and
// after spaces (OWASP, "CSV Injection"). Clean has made tabs and line ends, which
// OWASP names too, into backslashes. A number of ours is no such thing.
func csvCell(s string) string {
	s = Clean(s)
	first := strings.TrimLeft(s, " \"'")
	if first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}

// distinct leaves the first of equal items.
func distinct(items []string) []string {
	var kept []string
	for _, s := range items {
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}
