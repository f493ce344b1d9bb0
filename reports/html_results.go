package reports

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// results writes all results for the script to show: data, not code, as it
// cannot end its element (JSON with < written as an escape).
func (d *document) results() error {
	d.raw(htmlControls)
	index, rules := map[model.RuleID]int{}, []map[string]any{}
	for _, of := range d.rules {
		index[of.rule.ID] = len(rules)
		rules = append(rules, map[string]any{
			"id": Clean(string(of.rule.ID)), "title": Clean(of.rule.Title), "severity": Clean(string(of.rule.Severity)), "rank": of.rule.Severity.Rank(),
			"controls": d.controlsOf(of.rule),
		})
	}
	d.data("statuses", model.Statuses())
	d.data("severities", severitiesOf(d.report))
	d.data("frameworks", d.frameworks())
	d.data("rules", rules)
	d.raw(`<script type="application/json" id="data-results">[`)
	first := true
	for res, err := range d.report.Results {
		if err != nil {
			return readError(err)
		}
		if !first {
			d.raw(",\n")
		}
		first = false
		status := max(slices.Index(model.Statuses(), res.Status), 0)
		if partOf(res) == partUnknown {
			status = slices.Index(model.Statuses(), model.StatusUnknown)
		}
		why, _ := whyOf(res)
		if res.Status == model.StatusWaived {
			why += "; " + waivedBy(res.Waiver)
		}
		d.json([]any{index[res.Rule], status, clip(addressOf(res), annotationText), placeOf(res), clip(Clean(why), annotationText), Clean(string(res.Delta))})
	}
	d.raw("]</script>\n")
	return nil
}

// frameworks are what the filter by control offers: controls that have results.
func (d *document) frameworks() []map[string]any {
	all := []map[string]any{}
	for i := range d.report.Frameworks {
		f, ids := &d.report.Frameworks[i], []string{}
		for j := range f.Controls {
			if d.report.ByControl(f.ID, f.Controls[j].ID).Total() > 0 {
				ids = append(ids, Clean(f.Controls[j].ID))
			}
		}
		all = append(all, map[string]any{"id": Clean(f.ID), "title": Clean(frameworkTitle(f)), "controls": ids})
	}
	return all
}

// controlsOf names controls as the filter does: framework and control.
func (d *document) controlsOf(rule *model.Rule) []string {
	all := []string{}
	for i := range d.report.Frameworks {
		id := d.report.Frameworks[i].ID
		for _, control := range rule.Controls[id] {
			all = append(all, Clean(id+" "+control))
		}
	}
	return all
}

func (d *document) data(id string, v any) {
	d.raw(`<script type="application/json" id="data-` + id + `">`)
	d.json(v)
	d.raw("</script>\n")
}

// json writes what encoding/json writes, which escapes <, > and &.
func (d *document) json(v any) {
	raw, err := json.Marshal(v)
	if err != nil { // no value here can be such: they are strings and numbers
		raw = []byte("null")
	}
	d.w.Write(raw)
}

// anchor is an element's id for a rule, by its place.
func (d *document) anchor(id model.RuleID) string {
	i := slices.IndexFunc(d.rules, func(of *changedRule) bool { return of.rule.ID == id })
	if i < 0 {
		return ""
	}
	return "rule-" + strconv.Itoa(i)
}

// links are the rules of a control, each with a link to what it says.
func (d *document) links(ids []model.RuleID) string {
	var parts []string
	for _, id := range ids {
		text := htmlText(string(id))
		if at := d.anchor(id); at != "" {
			text = `<a href="#` + at + `">` + text + `</a>`
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}
