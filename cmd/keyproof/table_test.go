package main

import (
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"
)

// TestFittedTable: on a narrow terminal no column and no letter is lost, and on
// anything else nothing is broken.
func TestFittedTable(t *testing.T) {
	long := "arn:aws:iam::111122223333:role/a-role-with-a-long-name"
	render := func(width int) string {
		f := newFittedTable(width, table.Row{"Resource", "What changed", "Fail", "Pass"}, 3, 4)
		f.AppendRow(table.Row{long, "rotation was on\nand the key is another one since", 1234, 98765})
		f.AppendRow(table.Row{"short", "nothing", 1, 2})
		return f.Render()
	}
	column := func(out string, n int) (all string) {
		for line := range strings.Lines(out) {
			if cells := strings.Split(line, "│"); len(cells) > n {
				all += strings.TrimSpace(cells[n])
			}
		}
		return all
	}
	for _, width := range []int{60, 80, 100} {
		out := render(width)
		for line := range strings.Lines(out) {
			require.LessOrEqual(t, text.StringWidth(strings.TrimSuffix(line, "\n")), width, out)
		}
		require.Contains(t, column(out, 1), long, out)
		require.Contains(t, column(out, 2), "rotation was on", out)
		require.Contains(t, column(out, 3), "12341", out)
		require.Contains(t, column(out, 4), "987652", out)
	}
	require.Contains(t, render(0), "│ "+long+" │ rotation was on", "not a terminal")
	require.Equal(t, render(0), render(500))
	require.Contains(t, render(10), "98765", "what cannot fit is not cut")
}

// TestHistoryNarrow: on a terminal of 80 columns all numbers of a run are there, and
// its id in one piece.
func TestHistoryNarrow(t *testing.T) {
	f := newFittedTable(80, table.Row{"Run", "Hidden", "Scope", "Verdict", "Fail", "Unknown", "Waived", "Pass"}, 5, 6, 7, 8)
	f.last, f.configs[1].Hidden = 1, true
	f.SetColumnConfigs(f.configs)
	f.AppendRow(table.Row{"20261126-0148-c1cg\n2026-11-26 01:48", "hidden", "2 accounts, 3 regions", "FAIL", "267\n+28", 27, 0, 1976})
	out := f.Render()
	for line := range strings.Lines(out) {
		require.LessOrEqual(t, text.StringWidth(strings.TrimSuffix(line, "\n")), 80, out)
	}
	for _, want := range []string{"│ 20261126-0148-c1cg │", "│ 2026-11-26 01:48   │", "│ 1976 │", "│ +28 │"} {
		require.Contains(t, strings.ReplaceAll(out, "│  +28 │", "│ +28 │"), want, out)
	}
	require.NotContains(t, out, "hidden")
}
