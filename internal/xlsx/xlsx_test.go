package xlsx_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/keyproof/keyproof/internal/xlsx"
)

// open reads a workbook with a library that others wrote.
func open(t *testing.T, raw []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestBook(t *testing.T) {
	texts := []string{
		"plain", "=1+1", "+1", "-1", "@SUM(A1)", ` "=1`, "＝1", "<b>&\"'", "_x000A_", "line\nbreak", " spaces ", "ü 漢字 🔑", "\x1b\x00",
		strings.Repeat("x", 40_000), strings.Repeat("🔑", 20_000), "",
	}
	var out bytes.Buffer
	b := xlsx.New(&out, time.Time{})
	page, err := b.Sheet("Summary")
	require.NoError(t, err)
	require.NoError(t, page.Row(xlsx.Cell{Text: "title", Look: xlsx.Title}))
	s, err := b.Sheet("It's [all]: results/and a name that is much too long", xlsx.Column{Name: "text", Width: 40}, xlsx.Column{Name: "n"})
	require.NoError(t, err)
	for i, text := range texts {
		require.NoError(t, s.Row(xlsx.Text(text), xlsx.Number(i)))
	}
	require.NoError(t, s.Note("more elsewhere"))
	again, err := b.Sheet("SUMMARY", xlsx.Column{Name: "x"})
	require.NoError(t, err)
	require.Equal(t, "SUMMARY (2)", again.Name())
	require.NoError(t, b.Close())

	f := open(t, out.Bytes())
	name := "It's  all   results and a name…"
	require.Equal(t, []string{"Summary", name, "SUMMARY (2)"}, f.GetSheetList())
	rows, err := f.GetRows(name)
	require.NoError(t, err)
	require.Equal(t, []string{"text", "n"}, rows[0])
	for i, text := range texts {
		got, want := rows[i+1][0], text
		switch {
		case len(text) == 40_000:
			want = strings.Repeat("x", xlsx.MaxChars-1) + "…"
		case len(text) == 80_000: // two units each
			want = strings.Repeat("🔑", (xlsx.MaxChars-1)/2) + "…"
		case text == "\x1b\x00":
			want = "\ufffd\ufffd"
		}
		require.Equal(t, want, got, "%.20q", text)
		at, err := excelize.CoordinatesToCellName(1, i+2)
		require.NoError(t, err)
		formula, err := f.GetCellFormula(name, at)
		require.NoError(t, err)
		require.Empty(t, formula)
		if text != "" {
			kind, err := f.GetCellType(name, at)
			require.NoError(t, err)
			require.Equal(t, excelize.CellTypeInlineString, kind)
		}
		kind, err := f.GetCellType(name, strings.Replace(at, "A", "B", 1))
		require.NoError(t, err)
		require.Equal(t, excelize.CellTypeUnset, kind, "a number has no type of its own")
	}
	panes, err := f.GetPanes(name)
	require.NoError(t, err)
	require.True(t, panes.Freeze)
	require.Equal(t, 1, panes.YSplit)
	require.Equal(t, "'It''s  all   results and a name…'!$A$1:$B$17", f.GetDefinedName()[0].RefersTo, "without the note")
}

// TestLikeAFormulaStaysText: what would be a formula when somebody edits it has
// the mark that keeps Excel from making it one.
func TestLikeAFormulaStaysText(t *testing.T) {
	for text, guarded := range map[string]bool{"=1": true, " +1": true, "＠x": true, "a=1": false, "1-2": false} {
		var out bytes.Buffer
		b := xlsx.New(&out, time.Time{})
		s, err := b.Sheet("S", xlsx.Column{Name: "x"})
		require.NoError(t, err)
		require.NoError(t, s.Row(xlsx.Text(text)))
		require.NoError(t, b.Close())
		f := open(t, out.Bytes())
		id, err := f.GetCellStyle("S", "A2")
		require.NoError(t, err)
		quote := f.Styles.CellXfs.Xf[id].QuotePrefix
		require.Equal(t, guarded, quote != nil && *quote, text)
	}
}
