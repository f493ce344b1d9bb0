package reports

import (
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// nameLeast is how narrow the first column of a table may become.
const nameLeast = 14

// grid is a table of a name and numbers. Its cells are clean.
type grid struct {
	groups []string // a header above the names, equal neighbours merged; may be empty
	names  []string
	rows   [][]string
}

// room is how many columns a page leaves to the first column of the table.
func (g *grid) room(width int) int {
	left := width - 4 // a line and a space on each side
	for i := 1; i < len(g.names); i++ {
		widest := columns(g.names[i])
		for _, row := range g.rows {
			widest = max(widest, columns(row[i]))
		}
		left -= widest + 3 // a space on each side and a line
	}
	return left
}

// drop leaves out the columns of a name.
func (g *grid) drop(name string) {
	for i := len(g.names) - 1; i >= 0; i-- {
		if g.names[i] != name {
			continue
		}
		g.names = slices.Delete(g.names, i, i+1)
		if i < len(g.groups) {
			g.groups = slices.Delete(g.groups, i, i+1)
		}
		for n := range g.rows {
			g.rows[n] = slices.Delete(g.rows[n], i, i+1)
		}
	}
}

// cut leaves out the columns from n on.
func (g *grid) cut(n int) {
	g.names = g.names[:n]
	if len(g.groups) > n {
		g.groups = g.groups[:n]
	}
	for i := range g.rows {
		g.rows[i] = g.rows[i][:n]
	}
}

// table writes a grid, with names wrapped where the page is narrow.
func (p *page) table(g grid) {
	t := table.NewWriter()
	style := table.StyleRounded
	style.Format.Header = text.FormatDefault // as written: lower case
	t.SetStyle(style)
	if len(g.groups) > 0 {
		t.AppendHeader(cells(g.groups), table.RowConfig{AutoMerge: true})
	}
	t.AppendHeader(cells(g.names))
	for _, row := range g.rows {
		t.AppendRow(cells(row))
	}
	configs := []table.ColumnConfig{{Number: 1, WidthMax: max(g.room(p.width), 1), WidthMaxEnforcer: text.WrapSoft}}
	for i := 1; i < len(g.names); i++ {
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(configs)
	p.w.WriteString(t.Render())
	p.newline()
}

func cells(texts []string) table.Row {
	row := make(table.Row, len(texts))
	for i, s := range texts {
		row[i] = s
	}
	return row
}

// paint colours clean text for a cell.
func (p *page) paint(i ink, clean string) string {
	if !p.color || i == "" {
		return clean
	}
	return i.start() + clean + text.EscapeReset
}
