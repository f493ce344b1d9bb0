package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// WriteComponents writes rules as an OSCAL component definition: each is a
// component of the type validation, which says for each control of a framework
// how it is evidence for it. Tools of compliance plan with that before there is a
// result; assessment results name the same rules by the same properties.
//
// UUIDs are made of what they name. tool is the version of keyproof, at the time
// that the document says it is from.
func WriteComponents(w io.Writer, rules []model.Rule, frameworks []model.Framework, tool string, at time.Time) error {
	if len(rules) == 0 {
		return fmt.Errorf("write an OSCAL component definition: no rule was loaded, and it needs one at least")
	}
	var components []any
	for i := range rules {
		components = append(components, component(&rules[i], frameworks))
	}
	definition := map[string]any{
		"uuid": uuidOf("component-definition", tool),
		"metadata": map[string]any{
			"title": "keyproof: rules about secrets on AWS", "last-modified": at.UTC().Format(time.RFC3339), "version": or(strings.TrimSpace(Clean(tool)), "unknown"), "oscal-version": oscalVersion,
		},
		"components": components,
	}
	if sources := sourcesOf(rules, frameworks); len(sources) > 0 {
		definition["back-matter"] = map[string]any{"resources": sources}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{"component-definition": definition})
}

func component(rule *model.Rule, frameworks []model.Framework) map[string]any {
	id := string(rule.ID)
	c := map[string]any{
		"uuid": uuidOf("component", id), "type": "validation", "title": oscalText(id + " " + rule.Title), "description": oscalText(or(rule.Description, rule.Title)),
		"props": props("rule", id, "severity", string(rule.Severity), "kind", string(rule.Kind), "resource-type", cloudType(rule.Kind), "package", rule.Package, "remediation", rule.Remediation.Action),
	}
	if fix := rule.Remediation.Text; fix != "" {
		c["remarks"] = oscalText("Fix: " + fix)
	}
	if rule.Off != nil {
		c["props"] = append(c["props"].([]any), props("switched-off", rule.Off.Reason)...)
	}
	var implementations []any
	for _, framework := range frameworksOf(rule, frameworks) {
		if controls := rule.Controls[framework.ID]; len(controls) > 0 {
			implementations = append(implementations, implementation(rule, framework, controls))
		}
	}
	if len(implementations) > 0 {
		c["control-implementations"] = implementations
	}
	return c
}

// frameworksOf are the frameworks in the order of the report, and then those
// that only the rule names.
func frameworksOf(rule *model.Rule, frameworks []model.Framework) []model.Framework {
	all := slices.Clone(frameworks)
	for _, id := range slices.Sorted(maps.Keys(rule.Controls)) {
		if !slices.ContainsFunc(all, func(f model.Framework) bool { return f.ID == id }) {
			all = append(all, model.Framework{ID: id})
		}
	}
	return all
}

func implementation(rule *model.Rule, f model.Framework, controls []string) map[string]any {
	id, requirements := string(rule.ID), []any{}
	for _, control := range controls {
		text, about := "The rule judges it.", f.ID+" "+control
		for _, c := range f.Controls {
			if c.ID == control {
				about = frameworkTitle(&f) + " " + control + ", " + c.Title
				text = "Coverage by all rules together: " + or(string(c.Coverage), "not stated") + "."
				if c.Assessor != "" {
					text += " An assessor must see more: " + c.Assessor
				}
			}
		}
		requirement := map[string]any{"uuid": uuidOf("requirement", id, f.ID, control), "control-id": oscalControl(f.ID, control), "description": oscalText(about), "remarks": oscalText(text)}
		if slices.Contains(rule.Proposed[f.ID], control) {
			requirement["props"] = props("mapping", "proposed: no published mapping supports it")
		}
		requirements = append(requirements, requirement)
	}
	all := map[string]any{
		"uuid": uuidOf("implementation", id, f.ID), "source": "#" + uuidOf("framework", f.ID),
		"description": oscalText(id + " is evidence for these controls of " + frameworkTitle(&f)), "implemented-requirements": requirements,
	}
	if set := setParameters(rule); len(set) > 0 {
		all["set-parameters"] = set
	}
	return all
}

// setParameters are the values in use. OSCAL has no empty value: a parameter
// without one is left out.
func setParameters(rule *model.Rule) (all []any) {
	for _, name := range slices.Sorted(maps.Keys(rule.Params)) {
		p := rule.Params[name]
		var values []any
		for _, v := range valuesOf(p.Value) {
			if v = strings.TrimSpace(Clean(v)); v != "" {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			all = append(all, map[string]any{"param-id": oscalControl(string(rule.ID), name), "values": values, "remarks": oscalText(strings.TrimSpace(p.Unit + " " + p.Why))})
		}
	}
	return all
}

func valuesOf(v any) []string {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, fmt.Sprint(one))
		}
		return all
	default:
		return []string{fmt.Sprint(v)}
	}
}

// sourcesOf are the frameworks that rules name. None of them is published in
// OSCAL, so they are resources and not catalogues to import.
func sourcesOf(rules []model.Rule, frameworks []model.Framework) (all []any) {
	seen := map[string]bool{}
	for i := range rules {
		for _, f := range frameworksOf(&rules[i], frameworks) {
			if len(rules[i].Controls[f.ID]) == 0 || seen[f.ID] {
				continue
			}
			seen[f.ID] = true
			all = append(all, map[string]any{
				"uuid": uuidOf("framework", f.ID), "title": oscalText(strings.TrimSpace(frameworkTitle(&f) + " " + f.Version)),
				"description": oscalText(or(f.Source, "a framework that rules name")),
			})
		}
	}
	slices.SortFunc(all, func(a, b any) int {
		return strings.Compare(a.(map[string]any)["title"].(string), b.(map[string]any)["title"].(string))
	})
	return all
}
