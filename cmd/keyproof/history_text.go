package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/keyproof/keyproof/model"
)

// historyText prints runs for people, the latest first.
func (sys system) historyText(runs []pastRun) error {
	t := sys.newTable(table.Row{"Run", "Taken (UTC)", "Scope", "Verdict", "Fail", "", "Unknown", "Waived", "Pass"}, 5, 6, 7, 8, 9)
	t.last = 1
	narrow := t.width > 0 && t.width < historyWidth
	t.configs[1].Hidden, t.configs[5].Hidden = narrow, narrow // below the run and the failures then
	t.SetColumnConfigs(t.configs)
	for i := range runs {
		r := &runs[i]
		id := string(r.ID)
		if r.Pruned {
			id += " (pruned)"
		}
		taken, delta := r.TakenAt.Format("2006-01-02 15:04"), deltaWords(r.FailDelta)
		run, fail := clean(id), strconv.Itoa(r.Counts.Fail)
		if narrow {
			run, fail = run+"\n"+taken, strings.TrimSpace(fail+"\n"+delta)
		}
		t.AppendRow(table.Row{run, taken, clean(scopeWords(r)), strings.ToUpper(clean(r.Verdict)),
			fail, delta, r.Counts.Unknown, r.Counts.Waived, r.Counts.Pass})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", t.Render())
	sys.trend(&b, sameScope(runs))
	_, err := fmt.Fprint(sys.stdout, b.String())
	return err
}

// historyWidth is how many columns of a terminal the table of runs needs as a rule.
const historyWidth = 118

// scopeWords says what a run looked at, with names where they are few.
func scopeWords(r *pastRun) string {
	words := func(list []string, one, many string) string {
		if len(list) == 1 {
			return list[0]
		}
		return counted(len(list), one, many)
	}
	var regions []string
	for _, name := range r.Regions {
		if name != model.RegionGlobal || len(r.Regions) == 1 { // where IAM is, which nobody asked for as a region
			regions = append(regions, name)
		}
	}
	return words(r.Accounts, "account", "accounts") + ", " + words(regions, "region", "regions")
}

func deltaWords(delta *int) string {
	switch {
	case delta == nil:
		return ""
	case *delta == 0:
		return "="
	default:
		return fmt.Sprintf("%+d", *delta)
	}
}

// sameScope are the runs of the same scope as the latest, the earliest first.
func sameScope(runs []pastRun) []pastRun {
	var list []pastRun
	for i := range runs {
		if runs[i].Scope == runs[0].Scope {
			list = append(list, runs[i])
		}
	}
	slices.Reverse(list)
	return list
}

// trend prints how failures went, by severity and by framework.
func (sys system) trend(b *strings.Builder, runs []pastRun) {
	if len(runs) < 2 {
		fmt.Fprintln(b, "\nA second scan of the same accounts and regions shows whether it gets better.")
		return
	}
	first, last := &runs[0], &runs[len(runs)-1]
	fmt.Fprintf(b, "\nFailures in %s of %s, from %s to %s\n\n", counted(len(runs), "run", "runs"), clean(scopeWords(last)),
		first.TakenAt.Format(time.DateOnly), last.TakenAt.Format(time.DateOnly))
	t := sys.newTable(table.Row{"", "First", "Last", "Change", "Trend"}, 2, 3, 4)
	row := func(name string, of func(*pastRun) model.Counts) {
		var fails []int
		for i := range runs {
			fails = append(fails, of(&runs[i]).Fail)
		}
		change := fails[len(fails)-1] - fails[0]
		t.AppendRow(table.Row{clean(name), fails[0], fails[len(fails)-1], deltaWords(&change), spark(fails)})
	}
	for _, s := range model.Severities() {
		if first.Severities[s].Total()+last.Severities[s].Total() > 0 {
			row(string(s), func(r *pastRun) model.Counts { return r.Severities[s] })
		}
	}
	t.AppendSeparator()
	for _, f := range sortedKeys(last.Frameworks) {
		row(f, func(r *pastRun) model.Counts { return r.Frameworks[f] })
	}
	fmt.Fprintln(b, t.Render())
}

// spark draws numbers as bars, of which the highest is the most; the latest 30.
func spark(list []int) string {
	const bars = "▁▂▃▄▅▆▇█"
	list = list[max(0, len(list)-30):]
	most := max(1, slices.Max(list))
	var b strings.Builder
	for _, n := range list {
		b.WriteRune([]rune(bars)[n*7/most])
	}
	return b.String()
}
