package reports

import (
	"strings"
	"unicode"

	"github.com/keyproof/keyproof/model"
)

// oscalSpace is the name space of keyproof's properties.
const oscalSpace = "https://github.com/keyproof/keyproof/ns/oscal"

// inventory lists each resource of a result once.
func (x *oscal) inventory() error {
	seen := map[[16]byte]bool{}
	for res, err := range x.report.Results {
		if err != nil {
			return readError(err)
		}
		key := uuidBytes(resourceParts(res)...)
		if seen[key] {
			continue
		}
		seen[key] = true
		if !x.listed {
			x.name("local-definitions")
			x.w.WriteString("{")
			x.members = 0
		}
		id := res.Resource
		x.item("inventory-items", map[string]any{
			"uuid": uuidOf(resourceParts(res)...), "description": oscalText(nameOf(res)),
			"props": props("type", cloudType(id.Kind), "id", or(id.ID, nameOf(res)), "account", id.Account, "region", id.Region, "place", placeOf(res)),
		})
	}
	if x.listed {
		x.end()
		x.w.WriteString("}")
		x.members = 1
	}
	return nil
}

// resourceParts are what makes a resource one, for its UUID.
func resourceParts(res *model.Result) []string {
	id := res.Resource
	return []string{"resource", string(id.Kind), id.Account, id.Region, id.ID}
}

// observations are of each rule with results, and of each result.
func (x *oscal) observations() error {
	for i := range x.report.Rules {
		rule := &x.report.Rules[i]
		if c := x.report.Summary.ByRule[rule.ID]; c.Total() > 0 {
			x.item("observations", map[string]any{
				"uuid": uuidOf("rule", string(rule.ID)), "title": oscalText(string(rule.ID) + " " + rule.Title), "description": oscalText(oscalCounts(c)),
				"methods": []string{"TEST"}, "types": []string{"control-objective"}, "collected": x.taken, "props": props("rule", string(rule.ID), "status", string(c.Status())),
			})
		}
	}
	for res, err := range x.report.Results {
		if err != nil {
			return readError(err)
		}
		if x.item("observations", x.observation(res)); x.err != nil {
			return x.err
		}
	}
	x.end()
	return nil
}

func (x *oscal) observation(res *model.Result) map[string]any {
	why, _ := whyOf(res)
	status := string(res.Status)
	if partOf(res) == partUnknown {
		status = string(model.StatusUnknown)
	}
	out := map[string]any{
		"uuid": resultUUID("observation", res), "title": oscalText(string(res.Rule) + " on " + addressOf(res)), "description": oscalText(or(why, status)),
		"methods": []string{"TEST"}, "types": []string{"finding"}, "collected": x.taken,
		"props":    props("rule", string(res.Rule), "status", status, "delta", string(res.Delta)),
		"subjects": []any{map[string]any{"subject-uuid": uuidOf(resourceParts(res)...), "type": "inventory-item"}},
	}
	if x.report.Summary.ByRule[res.Rule].Total() > 0 && x.report.Rule(res.Rule) != nil {
		out["links"] = []any{map[string]any{"href": "#" + uuidOf("rule", string(res.Rule)), "rel": "related"}}
	}
	if res.Status == model.StatusWaived {
		out["remarks"] = oscalText(waivedBy(res.Waiver))
	}
	return out
}

// props are properties by name and value; those without a value are left out.
func props(pairs ...string) []any {
	all := []any{}
	for i := 0; i < len(pairs); i += 2 {
		if value := strings.TrimSpace(clip(Clean(pairs[i+1]), annotationText)); value != "" {
			all = append(all, map[string]any{"name": pairs[i], "ns": oscalSpace, "value": value})
		}
	}
	return all
}

// oscalCounts are numbers of results in words.
func oscalCounts(c model.Counts) string {
	words := barOf("", c).words()
	if c.NotApplicable > 0 {
		words = append(words, num(c.NotApplicable)+" not applicable")
	}
	return strings.Join(words, ", ")
}

// oscalText is a line of the standard's markup, which is of the family of
// Markdown, in which nothing is markup.
func oscalText(s string) string { return or(mdText(clip(Clean(s), annotationText)), "-") }

// oscalControl is a control as a token: hipaa-164.308.a.5.ii.D. No catalogue of
// these frameworks is published in OSCAL with ids of their own clauses.
func oscalControl(framework, id string) string {
	token := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsLetter(c) || unicode.IsNumber(c) || strings.ContainsRune(".-_", c):
			return c
		case c == '(':
			return '.'
		case c == ')':
			return -1
		default:
			return '_'
		}
	}, Clean(framework+"-"+id))
	if r := []rune(token); len(r) == 0 || !unicode.IsLetter(r[0]) {
		token = "_" + token
	}
	return token
}
