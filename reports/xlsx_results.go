package reports

import (
	"strconv"

	"github.com/keyproof/keyproof/internal/xlsx"
	"github.com/keyproof/keyproof/model"
)

// resultWidths are the widths of the columns of results that are not of the usual
// one, in characters.
func resultWidths() map[string]float64 {
	return map[string]float64{
		"title": 36, "status": 14, "account": 15, "region": 15, "name": 34, "id": 50, "file": 24, "address": 30, "why": 60, "attributes": 24,
		"waived_by": 20, "waived_because": 36, "fix": 60, "kind": 14,
	}
}

// results are all of them, with the columns of the csv report.
func (x *workbook) results() error {
	frameworks := frameworkIDs(x.report)
	widths := resultWidths()
	head := append(resultHead(), frameworks...)
	columns := make([]xlsx.Column, len(head))
	status, line := -1, -1
	for i, name := range head {
		columns[i] = xlsx.Column{Name: Clean(name), Width: widths[name]}
		switch name {
		case "status":
			status = i
		case "line":
			line = i
		}
	}
	s, err := x.table("Results", columns...)
	if err != nil {
		return err
	}
	for res, err := range x.report.Results {
		if err != nil {
			return readError(err)
		}
		row := textCells(rowOfResult(ruleOf(x.report, res.Rule), res, frameworks)...)
		row[status] = statusCell(row[status].Text)
		if n, err := strconv.Atoi(row[line].Text); err == nil {
			row[line] = xlsx.Number(n)
		}
		if err := s.row(row...); err != nil {
			return err
		}
	}
	return nil
}

// waivers are the failures that somebody accepted, one by one.
func (x *workbook) waivers() error {
	s, err := x.table("Waivers", xlsx.Column{Name: "rule"}, xlsx.Column{Name: "name", Width: 34}, xlsx.Column{Name: "account", Width: 15}, xlsx.Column{Name: "region", Width: 15},
		xlsx.Column{Name: "fails because", Width: 50}, xlsx.Column{Name: "from"}, xlsx.Column{Name: "expires"}, xlsx.Column{Name: "approved by", Width: 20},
		xlsx.Column{Name: "owner", Width: 20}, xlsx.Column{Name: "reason", Width: 50}, xlsx.Column{Name: "instead", Width: 40}, xlsx.Column{Name: "written in", Width: 30}, xlsx.Column{Name: "id", Width: 50})
	if err != nil {
		return err
	}
	for res, err := range x.report.Results {
		if err != nil {
			return readError(err)
		}
		if res.Status != model.StatusWaived {
			continue
		}
		w := res.Waiver
		if w == nil { // as in the text: nobody says who accepted it
			w = &model.Waiver{Reason: waivedBy(nil)}
		}
		why, _ := whyOf(res)
		if err := s.row(textCells(string(res.Rule), nameOf(res), res.Resource.Account, res.Resource.Region, why, w.Created.String(), or(w.Expires.String(), "never"),
			w.ApprovedBy, w.Owner, w.Reason, w.CompensatingControl, w.Origin.String(), res.Resource.ID)...); err != nil {
			return err
		}
	}
	return nil
}
