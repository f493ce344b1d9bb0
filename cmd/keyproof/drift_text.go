package main

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/keyproof/keyproof/ledger/drift"
	"github.com/keyproof/keyproof/model"
)

// driftText prints what became of failures for people: what is worse first. flag
// names the ledger in commands.
func (sys system) driftText(d *drift.Drift, limit int, flag string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "From run %s (taken %s)\nto run   %s (taken %s)\n", d.From.ID, d.From.TakenAt.Format("2006-01-02 15:04"), d.To.ID, d.To.TakenAt.Format("2006-01-02 15:04"))
	if !d.SameScope {
		fmt.Fprintln(&b, "They did not look at the same accounts and regions: what only one of them saw is not compared.")
	}
	fmt.Fprintf(&b, "\n%d new, %d reopened, %d fixed, %d waived; %d still failing, %d no longer known\n",
		len(d.New), len(d.Reopened), len(d.Fixed), len(d.Waived), d.StillFailing, len(d.Unproven))
	if d.Obscured > 0 {
		fmt.Fprintf(&b, "%s passed and is unknown now: `keyproof report --run %s` says why\n", counted(d.Obscured, "result", "results"), string(d.To.ID)+flag)
	}
	for _, part := range []struct {
		title string
		items []drift.Item
	}{
		{"New failures", d.New}, {"Reopened: they failed in an earlier run", d.Reopened}, {"Failures of which nothing is known now", d.Unproven},
		{"Waived since", d.Waived}, {"Fixed", d.Fixed},
	} {
		sys.driftItems(&b, part.title, part.items, limit)
	}
	sys.driftResources(&b, "New resources", d.Added, limit)
	sys.driftResources(&b, "Resources that are gone", d.Removed, limit)
	_, err := fmt.Fprint(sys.stdout, b.String())
	return err
}

func (sys system) driftItems(b *strings.Builder, title string, items []drift.Item, limit int) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d)\n\n", title, len(items))
	t := sys.newTable(table.Row{"Severity", "Rule", "Resource", "What changed"})
	shown := first(items, limit)
	for i := range shown {
		item := &shown[i]
		t.AppendRow(table.Row{item.Severity, clean(string(item.Rule) + "\n" + short(item.Title, 40)), clean(strings.Join(resourceLines(item.Resource, item.Name), "\n")), strings.Join(changedLines(item), "\n")})
		t.AppendSeparator()
	}
	fmt.Fprintln(b, t.Render())
	andMore(b, len(items)-len(shown))
}

func andMore(b *strings.Builder, more int) {
	if more > 0 {
		fmt.Fprintf(b, "and %d more: --limit 0 shows all\n", more)
	}
}

func resourceLines(id model.ResourceID, name string) []string {
	if name == "" {
		name = id.ID
	}
	return []string{short(strings.ReplaceAll(name, "\n", " "), 48), id.Account + " " + id.Region}
}

// changedLines says what changed of what a rule reads, a line each.
func changedLines(i *drift.Item) []string {
	var lines []string
	if i.Failed != "" {
		lines = append(lines, "failed before in "+string(i.Failed))
	}
	for n := range i.Because {
		if len(lines) == maxChanges && len(i.Because)-n > 1 {
			lines = append(lines, fmt.Sprintf("and %d more: -o json has all", len(i.Because)-n))
			break
		}
		lines = append(lines, differenceLine(&i.Because[n]))
	}
	if len(i.Because) == 0 {
		lines = append(lines, "nothing that the snapshots show: the rule judges otherwise")
	}
	for n := range lines {
		lines[n] = clean(strings.ReplaceAll(lines[n], "\n", " "))
	}
	return lines
}

const maxChanges = 6 // lines of one failure

func (sys system) driftResources(b *strings.Builder, title string, list []drift.Resource, limit int) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d)\n\n", title, len(list))
	t := sys.newTable(table.Row{"Kind", "Resource", "Account", "Region"})
	shown := first(list, limit)
	for i := range shown {
		r := &shown[i]
		t.AppendRow(table.Row{r.Kind, clean(resourceLines(r.ResourceID, r.Name)[0]), clean(r.Account), clean(r.Region)})
	}
	fmt.Fprintln(b, t.Render())
	andMore(b, len(list)-len(shown))
}

// differenceLine writes "rotation_enabled: true → false".
func differenceLine(d *drift.Difference) string {
	name := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(d.Path, "resource."), "related."), "params.")
	switch {
	case d.Path == "resource" && d.Before.Unknown != nil:
		return "not seen before: " + d.Before.Unknown.String()
	case d.Path == "resource" && d.After.Unknown != nil:
		return "not seen now: " + d.After.Unknown.String()
	case d.Path == "resource" && string(d.Before.Value) == "null":
		return "the resource is new"
	case d.Path == "resource":
		return "the resource is gone"
	case strings.HasPrefix(d.Path, "params."):
		name = "parameter " + name
	}
	before, after := shortPair(datumWords(d.Before), datumWords(d.After))
	return name + ": " + before + " → " + after
}

func datumWords(d drift.Datum) string {
	switch {
	case d.Unknown != nil:
		return "unknown (" + d.Unknown.String() + ")"
	case string(d.Value) == "null":
		return "none"
	default:
		return string(d.Value)
	}
}

// shortPair cuts two long texts so that the first difference shows.
func shortPair(a, b string) (string, string) {
	x, y := []rune(a), []rune(b)
	same := 0
	for same < len(x) && same < len(y) && x[same] == y[same] {
		same++
	}
	if len(x) <= maxValue && len(y) <= maxValue {
		return a, b
	}
	from := max(0, same-maxValue/3)
	return cut(x, from), cut(y, from)
}

const maxValue = 48 // letters of a value

func cut(text []rune, from int) string {
	from = min(from, max(0, len(text)-1))
	out := short(string(text[from:]), maxValue)
	if from > 0 {
		out = "…" + out
	}
	return out
}

// short cuts a text after so many letters.
func short(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}
