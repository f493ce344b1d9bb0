package reports_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/keyproof/keyproof/model"
)

// readXLSX reads a workbook with a library that others wrote: the rows of each
// sheet, padded to the width of its heading.
func readXLSX(t testing.TB, r *model.Report) (*excelize.File, map[string][][]string) {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(write(t, "xlsx", r, judged(r, 0, 0))))
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	sheets := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		for i := range rows {
			rows[i] = append(rows[i], make([]string, max(0, len(rows[0])-len(rows[i])))...)
		}
		sheets[name] = rows
	}
	return f, sheets
}

func TestXLSX(t *testing.T) {
	r := accepted(t)
	f, sheets := readXLSX(t, r)
	require.Equal(t, []string{"Summary", "HIPAA Security Rule", "SOC 2", "PCI DSS", "Rules", "Results", "Unknown", "Waivers", "Parameters"}, f.GetSheetList())

	t.Run("results are those of the csv", func(t *testing.T) {
		rows := sheets["Results"]
		want := readCSV(t, r)
		require.Len(t, rows, len(want)+1)
		for i, row := range rows[1:] {
			for j, cell := range row {
				require.Equal(t, strings.TrimPrefix(want[i][rows[0][j]], "'"), cell, rows[0][j])
			}
		}
	})
	t.Run("every control has a row", func(t *testing.T) {
		for i := range r.Frameworks {
			rows := sheets[r.Frameworks[i].Title]
			require.Len(t, rows, len(r.Frameworks[i].Controls)+1)
			for j, control := range r.Frameworks[i].Controls {
				c := r.ByControl(r.Frameworks[i].ID, control.ID)
				require.Equal(t, []string{control.ID, control.Title}, rows[j+1][:2])
				if c.Total() > 0 {
					require.Equal(t, string(c.Status()), rows[j+1][2])
				} else {
					require.Equal(t, "no result", rows[j+1][2], "never a pass by silence")
				}
				require.Equal(t, "partial", rows[j+1][3])
				require.Equal(t, strconv.Itoa(c.Fail), rows[j+1][4])
				require.Equal(t, "The rest.", rows[j+1][10])
			}
		}
	})
	t.Run("unknowns name the permission", func(t *testing.T) {
		rows := sheets["Unknown"]
		require.Len(t, rows, 1+len(r.Summary.Unknowns)+len(r.Gaps()))
		require.Equal(t, "kms:GetKeyRotationStatus", find(t, rows, 0, "kms:GetKeyRotationStatus denied")[2])
		require.Equal(t, audit, find(t, rows, 0, "secrets could not be listed: secretsmanager:ListSecrets denied")[3])
	})
	t.Run("waivers", func(t *testing.T) {
		require.Len(t, sheets["Waivers"], 1+r.Total().Waived)
		require.Positive(t, r.Total().Waived)
	})
	t.Run("parameters", func(t *testing.T) {
		require.Equal(t, []string{"SM-002", "max_days", "30", "days", "90", "everywhere", "payment keys, decision of the board of 2026-01-12"}, find(t, sheets["Parameters"], 1, "max_days")[:7])
	})
	for _, name := range f.GetSheetList()[1:] {
		panes, err := f.GetPanes(name)
		require.NoError(t, err)
		require.True(t, panes.Freeze, name)
	}
	require.Len(t, f.GetDefinedName(), 8, "a filter for each table")
	require.Equal(t, write(t, "xlsx", r, judged(r, 0, 0)), write(t, "xlsx", r, judged(r, 0, 0)), "the same bytes")
}

func find(t *testing.T, rows [][]string, column int, value string) []string {
	t.Helper()
	for _, row := range rows {
		if row[column] == value {
			return row
		}
	}
	require.Fail(t, "no row", "%s in %v", value, rows)
	return nil
}

// TestXLSXHasNoFormula: whatever names and messages are, cells are text, numbers
// or nothing.
func TestXLSXHasNoFormula(t *testing.T) {
	for _, poison := range []string{poison, markup, "_x000A_=1"} {
		eachPoisoned(t, poison, func(r *model.Report) {
			f, sheets := readXLSX(t, r)
			for name, rows := range sheets {
				for i, row := range rows {
					for j, text := range row {
						at, err := excelize.CoordinatesToCellName(j+1, i+1)
						require.NoError(t, err)
						formula, err := f.GetCellFormula(name, at)
						require.NoError(t, err)
						require.Empty(t, formula)
						require.NotContains(t, text, "\x1b")
						require.NotContains(t, text, "\n", "a text ends no line")
					}
				}
			}
		})
	}
}
