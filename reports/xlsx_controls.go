package reports

import (
	"strings"

	"github.com/keyproof/keyproof/internal/xlsx"
	"github.com/keyproof/keyproof/model"
)

// frameworks are a sheet each, of all controls: also of those of which no result
// says anything.
func (x *workbook) frameworks() error {
	for i := range x.report.Frameworks {
		if err := x.framework(&x.report.Frameworks[i]); err != nil {
			return err
		}
	}
	return nil
}

func (x *workbook) framework(f *model.Framework) error {
	columns := append([]xlsx.Column{{Name: "control", Width: 22}, {Name: "title", Width: 36}, {Name: "status", Width: 14}, {Name: "coverage"}}, counted()...)
	s, err := x.table(Clean(frameworkTitle(f)), append(columns, xlsx.Column{Name: "rules", Width: 40}, xlsx.Column{Name: "an assessor must see", Width: 60})...)
	if err != nil {
		return err
	}
	for i := range f.Controls {
		control := &f.Controls[i]
		c := x.report.ByControl(f.ID, control.ID)
		var ids []string
		for _, id := range rulesOf(x.report, f.ID, control.ID) {
			ids = append(ids, string(id))
		}
		row := []xlsx.Cell{cell(control.ID), cell(control.Title), statusCell(controlWord(control, c)), cell(or(string(control.Coverage), "not stated"))}
		row = append(row, countCells(c)...)
		if err := s.row(append(row, cell(strings.Join(ids, " ")), cell(control.Assessor))...); err != nil {
			return err
		}
	}
	return nil
}

// rules are what judged, in the order of the report.
func (x *workbook) rules() error {
	columns := append([]xlsx.Column{{Name: "rule"}, {Name: "severity"}, {Name: "kind", Width: 16}, {Name: "title", Width: 44}}, counted()...)
	columns = append(columns, xlsx.Column{Name: "description", Width: 70}, xlsx.Column{Name: "fix", Width: 70})
	frameworks := frameworkIDs(x.report)
	for _, f := range frameworks {
		columns = append(columns, xlsx.Column{Name: Clean(f), Width: 24})
	}
	s, err := x.table("Rules", columns...)
	if err != nil {
		return err
	}
	for i := range x.report.Rules {
		rule := &x.report.Rules[i]
		row := append(textCells(string(rule.ID), string(rule.Severity), string(rule.Kind), rule.Title), countCells(x.report.Summary.ByRule[rule.ID])...)
		row = append(row, textCells(rule.Description, rule.Remediation.Text)...)
		for _, f := range frameworks {
			row = append(row, cell(strings.Join(controlsOf(rule, f), " ")))
		}
		if err := s.row(row...); err != nil {
			return err
		}
	}
	return nil
}
