package main

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// fittedTable is a table that breaks its texts where the terminal is too narrow. The
// library would cut the rows, and with them the last columns.
type fittedTable struct {
	table.Writer
	width   int // columns of the terminal; 0: it is none, and nothing is broken
	configs []table.ColumnConfig
	last    int // a column, from 1, that is broken only after the others, such as ids that are copied; 0: none
}

// newTable makes a table; right are the columns, from 1, that hold numbers.
func (sys system) newTable(head table.Row, right ...int) *fittedTable {
	width, _ := sys.terminal(sys.stdout)
	return newFittedTable(width, head, right...)
}

func newFittedTable(width int, head table.Row, right ...int) *fittedTable {
	t := &fittedTable{Writer: table.NewWriter(), width: width}
	t.SetStyle(table.StyleLight)
	t.AppendHeader(head)
	for n := range head {
		t.configs = append(t.configs, table.ColumnConfig{Number: n + 1})
	}
	for _, n := range right {
		t.configs[n-1].Align, t.configs[n-1].AlignHeader = text.AlignRight, text.AlignRight
	}
	t.SetColumnConfigs(t.configs)
	return t
}

// narrowest is to what a column is broken at most: less cannot be read, and the
// terminal may as well wrap the line.
const narrowest = 8

// Render makes the widest columns narrower until the table fits.
func (t *fittedTable) Render() string {
	out := t.Writer.Render()
	border, _, _ := strings.Cut(out, "\n")
	over := text.StringWidth(border) - t.width
	if t.width == 0 || over <= 0 {
		return out
	}
	var widths []int
	for part := range strings.SplitSeq(strings.Trim(border, "┌┐"), "┬") {
		widths = append(widths, text.StringWidth(part)-2) // a space on each side
	}
	for over > 0 {
		widest := -1
		for n := range widths {
			if widths[n] > narrowest && n != t.last-1 && (widest < 0 || widths[n] > widths[widest]) {
				widest = n
			}
		}
		if widest < 0 && t.last > 0 && widths[t.last-1] > narrowest {
			widest = t.last - 1
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		over--
		c := &t.configs[visibleColumn(t.configs, widest)]
		c.WidthMax, c.WidthMaxEnforcer = widths[widest], broken
	}
	t.SetColumnConfigs(t.configs)
	return t.Writer.Render()
}

// visibleColumn is the index of the nth column that is not hidden.
func visibleColumn(configs []table.ColumnConfig, n int) int {
	for i := range configs {
		if configs[i].Hidden {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	return len(configs) - 1
}

// broken breaks each line between words, and inside those that are too long.
func broken(cell string, width int) string {
	lines := strings.Split(cell, "\n")
	for n, line := range lines {
		lines[n] = text.WrapSoft(line, width)
	}
	return strings.Join(lines, "\n")
}
