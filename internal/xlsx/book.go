// Package xlsx writes workbooks for spreadsheets (ECMA-376, SpreadsheetML) row by
// row: memory does not grow with them. It knows what a report needs and no more:
// text and numbers, a heading that stays and filters, widths and a few looks.
//
// No cell is ever a formula: text is written as text, whatever it begins with,
// and marked so that it stays text when somebody edits it.
//
// It is ours because the library that was tried (excelize 2.9.1) calls methods by
// name, which keeps the linker from dropping what nobody uses: the program grew
// from 62 MB to 114 MB. The tests read with that library what is written here.
package xlsx

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"
)

// Limits of Excel ("Excel specifications and limits").
const (
	MaxRows  = 1_048_576
	MaxChars = 32_767 // of a cell, in UTF-16 code units
	maxName  = 31     // characters of a sheet's name
)

// Book is a workbook in the making. Errors of its writer come from the call that
// meets them, and Close.
type Book struct {
	zip    *zip.Writer
	at     time.Time
	sheets []*Sheet
}

// New begins a workbook that says it was made at a time: the same rows and time
// make the same bytes. Nothing is a workbook until Close.
func New(w io.Writer, at time.Time) *Book {
	if at.Year() < 1980 { // before the calendar of zip files begins
		at = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return &Book{zip: zip.NewWriter(w), at: at.UTC()}
}

func (b *Book) file(name string) (io.Writer, error) {
	return b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.at})
}

// Column is a column of a sheet.
type Column struct {
	Name  string
	Width float64 // in characters; 0 is the program's own
}

// Sheet begins a sheet after ending the one before. Its first row is the names of
// the columns, which stay in sight and filter the rest.
func (b *Book) Sheet(name string, columns ...Column) (*Sheet, error) {
	if err := b.end(); err != nil {
		return nil, err
	}
	s := &Sheet{name: b.free(name), columns: len(columns)}
	b.sheets = append(b.sheets, s)
	f, err := b.file(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(b.sheets)))
	if err != nil {
		return nil, err
	}
	return s, s.begin(f, columns)
}

// Close ends the workbook. It does not close the writer.
func (b *Book) Close() error {
	if err := b.end(); err != nil {
		return err
	}
	for _, part := range b.parts() {
		f, err := b.file(part[0])
		if err == nil {
			_, err = io.WriteString(f, xmlHead+part[1])
		}
		if err != nil {
			return err
		}
	}
	return b.zip.Close()
}

func (b *Book) end() error {
	if len(b.sheets) == 0 {
		return nil
	}
	return b.sheets[len(b.sheets)-1].end()
}

// free makes a name of a sheet that Excel takes: short, without the characters
// that references use, and not there yet (case does not count).
func (b *Book) free(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, escaped.ReplaceAllString(name, "-$1")), "' ")
	if name == "" {
		name = "Sheet"
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = fmt.Sprintf(" (%d)", n)
		}
		full := strings.TrimRight(cut(name, maxName-len(tail)), "' ") + tail
		if !b.has(full) {
			return full
		}
	}
}

func (b *Book) has(name string) bool {
	for _, s := range b.sheets {
		if strings.EqualFold(s.name, name) {
			return true
		}
	}
	return false
}
