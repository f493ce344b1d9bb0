package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/xlsx"
)

// unknowns are the reasons for what is not known with what would settle them, and
// what could not be listed at all.
func (x *workbook) unknowns() error {
	s, err := x.table("Unknown", xlsx.Column{Name: "reason", Width: 50}, xlsx.Column{Name: "results"}, xlsx.Column{Name: "permission", Width: 36},
		xlsx.Column{Name: "accounts", Width: 30}, xlsx.Column{Name: "regions", Width: 30}, xlsx.Column{Name: "what would settle it", Width: 50})
	if err != nil {
		return err
	}
	for _, u := range x.report.Summary.Unknowns {
		if err := s.row(cell(u.String()), xlsx.Number(u.Results), cell(u.Action), cell(strings.Join(nonEmpty(u.Accounts), " ")),
			cell(strings.Join(nonEmpty(u.Regions), " ")), cell(settle(u.Unknown))); err != nil {
			return err
		}
	}
	for _, gap := range x.report.Gaps() {
		if err := s.row(cell(fmt.Sprintf("%s could not be listed: %s", kindName(gap.Kind), gap.Gap)), xlsx.Cell{}, cell(gap.Gap.Action),
			cell(gap.Account), cell(gap.Region), cell(settle(*gap.Gap))); err != nil {
			return err
		}
	}
	return nil
}

// parameters are the values that rules judged by and why: of all resources, of
// some, and the rules that do not judge.
func (x *workbook) parameters() error {
	s, err := x.table("Parameters", xlsx.Column{Name: "rule"}, xlsx.Column{Name: "parameter", Width: 22}, xlsx.Column{Name: "value", Width: 24}, xlsx.Column{Name: "unit"},
		xlsx.Column{Name: "default", Width: 24}, xlsx.Column{Name: "for", Width: 36}, xlsx.Column{Name: "why", Width: 60}, xlsx.Column{Name: "written in", Width: 30})
	if err != nil {
		return err
	}
	for i := range x.report.Rules {
		rule, id := &x.report.Rules[i], string(x.report.Rules[i].ID)
		var rows [][]string
		for _, name := range slices.Sorted(maps.Keys(rule.Params)) {
			p := rule.Params[name]
			rows = append(rows, []string{id, name, fmt.Sprint(p.Value), p.Unit, fmt.Sprint(p.Default), "everywhere", p.Why, ""})
		}
		for _, over := range rule.Overrides {
			for _, name := range slices.Sorted(maps.Keys(over.Set)) {
				rows = append(rows, []string{id, name, fmt.Sprint(over.Set[name]), rule.Params[name].Unit, fmt.Sprint(rule.Params[name].Default), over.Where.String(), over.Why, over.Origin.String()})
			}
		}
		if rule.Off != nil {
			rows = append(rows, []string{id, "", "switched off", "", "", "everywhere", rule.Off.Reason, rule.Off.Origin.String()})
		}
		for _, row := range rows {
			if err := s.row(textCells(row...)...); err != nil {
				return err
			}
		}
	}
	return nil
}
