package reports

import (
	"cmp"
	"io"

	"github.com/keyproof/keyproof/internal/xlsx"
	"github.com/keyproof/keyproof/model"
)

// writeXLSX writes the workbook that auditors ask for: what was judged, the
// controls of each framework, every result, what is not known, what is waived and
// the parameters. Results flow; one sheet is written after the other.
func writeXLSX(w io.Writer, r *model.Report, o Options) error {
	x := &workbook{Book: xlsx.New(w, r.TakenAt), report: r, o: o, rows: xlsx.MaxRows}
	for _, sheet := range []func() error{x.summary, x.frameworks, x.rules, x.results, x.unknowns, x.waivers, x.parameters, x.Close} {
		if err := sheet(); err != nil {
			return err
		}
	}
	return nil
}

// workbook is a workbook in the making.
type workbook struct {
	*xlsx.Book
	report *model.Report
	o      Options
	rows   int // of a sheet, at most
}

// cell is a text from anywhere.
func cell(s string) xlsx.Cell { return xlsx.Text(Clean(s)) }

func textCells(texts ...string) []xlsx.Cell {
	row := make([]xlsx.Cell, len(texts))
	for i, s := range texts {
		row[i] = cell(s)
	}
	return row
}

// statusCell has the colour of its word.
func statusCell(word string) xlsx.Cell {
	c := cell(word)
	switch model.Status(word) {
	case model.StatusFail:
		c.Look = xlsx.Red
	case model.StatusUnknown:
		c.Look = xlsx.Amber
	case model.StatusWaived:
		c.Look = xlsx.Blue
	case model.StatusPass:
		c.Look = xlsx.Green
	default:
		c.Look = xlsx.Quiet
	}
	return c
}

// counted are the columns of countCells.
func counted() []xlsx.Column {
	return []xlsx.Column{{Name: "fail"}, {Name: "unknown"}, {Name: "waived"}, {Name: "pass"}, {Name: "not applicable", Width: 15}}
}

func countCells(c model.Counts) (row []xlsx.Cell) {
	for _, n := range []int{c.Fail, c.Unknown, c.Waived, c.Pass, c.NotApplicable} {
		row = append(row, xlsx.Number(n))
	}
	return row
}

// table begins a table.
func (x *workbook) table(name string, columns ...xlsx.Column) (*spread, error) {
	s := &spread{x: x, name: name, columns: columns}
	return s, s.next()
}

// spread is a table over as many sheets as it needs.
type spread struct {
	x       *workbook
	name    string
	columns []xlsx.Column
	sheet   *xlsx.Sheet
	left    int // rows that the sheet has room for
}

// next begins a sheet. One row of it is the heading, and one is kept to say where
// the table goes on.
func (s *spread) next() (err error) {
	s.sheet, err = s.x.Sheet(s.name, s.columns...)
	s.left = cmp.Or(s.x.rows, xlsx.MaxRows) - 2
	return err
}

func (s *spread) row(cells ...xlsx.Cell) error {
	if s.left == 0 {
		if err := s.sheet.Note("This sheet is full: the table goes on in the next one, which has the same name and a number."); err != nil {
			return err
		}
		if err := s.next(); err != nil {
			return err
		}
	}
	s.left--
	return s.sheet.Row(cells...)
}
