package xlsx

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
)

// Sheet is a sheet in the making.
type Sheet struct {
	name    string
	w       *bufio.Writer
	columns int
	rows    int // that are written
	noted   int // of them, those after the table
	ended   bool
}

// Name is what the sheet is called in the workbook.
func (s *Sheet) Name() string { return s.name }

func (s *Sheet) begin(w io.Writer, columns []Column) error {
	s.w = bufio.NewWriter(w)
	s.w.WriteString(xmlHead + `<worksheet xmlns="` + nsMain + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"`)
	if s.columns == 0 { // a page to read, not a table
		s.w.WriteString(` showGridLines="0"/></sheetViews><cols><col min="1" max="1" width="22" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/></cols><sheetData>`)
		return nil
	}
	s.w.WriteString(`><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	head := make([]Cell, len(columns))
	for i, c := range columns {
		width := c.Width
		if width == 0 {
			width = 12
		}
		fmt.Fprintf(s.w, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, width)
		head[i] = Cell{Text: c.Name, Look: Heading}
	}
	s.w.WriteString("</cols><sheetData>")
	return s.Row(head...)
}

// Row writes the next row. A row beyond MaxRows is an error.
func (s *Sheet) Row(cells ...Cell) error {
	if s.rows == MaxRows {
		return fmt.Errorf("sheet %q is full: it has %d rows", s.name, MaxRows)
	}
	s.rows++
	row := strconv.Itoa(s.rows)
	s.w.WriteString(`<row r="` + row + `">`)
	for i, c := range cells {
		c.write(s.w, columnName(i)+row)
	}
	_, err := s.w.WriteString("</row>")
	return err
}

// Note writes a row that is no part of the table: filters leave it out.
func (s *Sheet) Note(text string) error {
	s.noted++
	return s.Row(Cell{Text: text, Look: Quiet})
}

// table is the cells that filters are over, "A1:F20"; empty when there is none.
func (s *Sheet) table(absolute string) string {
	if s.columns == 0 {
		return ""
	}
	last := columnName(s.columns - 1)
	return fmt.Sprintf("%sA%s1:%s%s%s%d", absolute, absolute, absolute, last, absolute, s.rows-s.noted)
}

func (s *Sheet) end() error {
	if s.ended {
		return nil
	}
	s.ended = true
	s.w.WriteString("</sheetData>")
	if at := s.table(""); at != "" {
		s.w.WriteString(`<autoFilter ref="` + at + `"/>`)
	}
	s.w.WriteString(`<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>`)
	return s.w.Flush()
}

// columnName counts A … Z, AA … from 0.
func columnName(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
