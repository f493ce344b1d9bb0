package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// parameters are the values that rules judged by and why, first those that
// somebody chose, and the rules that do not judge.
func (d *document) parameters() {
	d.raw("<h2 id=\"parameters\">Parameters that were used</h2>\n")
	var changed []string
	for i := range d.report.Rules {
		rule := &d.report.Rules[i]
		for _, line := range paramLines(rule) {
			changed = append(changed, string(rule.ID)+": "+line)
		}
		if rule.Off != nil {
			changed = append(changed, fmt.Sprintf("%s is switched off: %s %s", rule.ID, rule.Off.Reason, rule.Off.Origin))
		}
	}
	if len(changed) == 0 {
		d.raw("<p>Every rule judged with its default values.</p>\n")
	} else {
		d.raw("<h3>Changed</h3>\n")
		d.list(changed)
	}
	d.defaults()
}

// defaults is a table of all values in use. Those for some resources only are
// among what was changed.
func (d *document) defaults() {
	started := false
	for i := range d.report.Rules {
		rule := &d.report.Rules[i]
		for _, name := range slices.Sorted(maps.Keys(rule.Params)) {
			if !started {
				started = true
				d.raw("<details><summary>All values in use</summary>\n")
				d.table("values", "Parameters in use", "", "rule", "parameter", "value", "default", "why this value")
			}
			p := rule.Params[name]
			d.raw("<tr>")
			d.element("td", "", string(rule.ID))
			d.element("td", "name", name)
			d.element("td", "", strings.TrimSpace(fmt.Sprint(p.Value)+" "+p.Unit))
			d.element("td", "", fmt.Sprint(p.Default))
			d.element("td", "", p.Why)
			d.raw("</tr>\n")
		}
	}
	if started {
		d.endTable()
		d.raw("</details>\n")
	}
}
