package reports

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/keyproof/keyproof/internal/xlsx"
	"github.com/keyproof/keyproof/model"
)

// TestXLSXGoesOnInTheNextSheet has sheets of six rows: a heading, four results
// and the word that more follow.
func TestXLSXGoesOnInTheNextSheet(t *testing.T) {
	const results, held = 9, 4
	r := &model.Report{Results: func(yield func(*model.Result, error) bool) {
		for i := range results {
			if !yield(&model.Result{Rule: "R-1", Name: strconv.Itoa(i), Status: model.StatusFail}, nil) {
				return
			}
		}
	}}
	var out bytes.Buffer
	x := &workbook{Book: xlsx.New(&out, r.TakenAt), report: r, rows: held + 2}
	require.NoError(t, x.results())
	require.NoError(t, x.Close())
	f, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	defer f.Close()
	require.Equal(t, []string{"Results", "Results (2)", "Results (3)"}, f.GetSheetList())
	seen := 0
	for n, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		require.NoError(t, err)
		require.Equal(t, "rule", rows[0][0], "each has the heading")
		for _, row := range rows[1:min(len(rows), held+1)] {
			require.Equal(t, strconv.Itoa(seen), row[8])
			seen++
		}
		if n < 2 {
			require.Len(t, rows, held+2)
			require.Contains(t, rows[held+1][0], "goes on in the next one")
			require.Contains(t, f.GetDefinedName()[n].RefersTo, "$5", "the filter leaves that row out")
		}
	}
	require.Equal(t, results, seen)
}
