package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// manyRecords fills a ledger with runs and ten lines of the journal for each, in
// few transactions: it is reading that is measured. Runs are one of ten scopes.
func manyRecords(tb testing.TB, path string, runs int) *Ledger {
	tb.Helper()
	l, err := Open(tb.Context(), path)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, l.Close()) })
	r := reportOf(sampleResults(20))
	spool, err := newPartSpool()
	require.NoError(tb, err)
	defer func() { require.NoError(tb, spool.close()) }()
	head, err := spoolResults(tb.Context(), r, spool)
	require.NoError(tb, err)
	body, err := hashParts(head, spool)
	require.NoError(tb, err)
	at := noon
	l.Now = func() time.Time { return at }
	for n := 0; n < runs; {
		require.NoError(tb, l.writing(tb.Context(), func(conn *sql.Conn) error {
			for range min(500, runs-n) {
				run := describe(r, model.VerdictFail, model.VerdictPolicy{})
				run.Body, run.Scope = body, fmt.Sprint("scope", n%10)
				if err := l.linkRun(tb.Context(), conn, &run, head, spool); err != nil {
					return err
				}
				for i := range 10 {
					if err := l.appendLine(tb.Context(), conn, line(fmt.Sprint("r", n), model.ChangeID(fmt.Sprint("c", i)), model.StepDone, i)); err != nil {
						return err
					}
				}
				at = at.Add(time.Minute)
				n++
			}
			return nil
		}))
	}
	return l
}

// TestIndexes makes sure that no query that people wait for reads all links.
func TestIndexes(t *testing.T) {
	l := newLedger(t)
	entries := func(f EntryFilter) string { query, _ := entriesQuery(f); return query }
	for name, c := range map[string]struct{ query, index string }{
		"runs":           {selectRuns + " ORDER BY seq DESC LIMIT 20", "links_kind"},
		"a run by id":    {selectRunByID, "runs_id"},
		"run of changes": {entries(EntryFilter{Run: "r"}), "changes_run"},
		"a change":       {entries(EntryFilter{Change: "c"}), "changes_change"},
		"all changes":    {entries(EntryFilter{}), "links_kind"},
	} {
		var plan string
		rows, err := l.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+strings.ReplaceAll(c.query, "?", "1"))
		require.NoError(t, err)
		for rows.Next() {
			var id, parent, unused int
			var detail string
			require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
			plan += detail + "\n"
		}
		require.NoError(t, errors.Join(rows.Err(), rows.Close()))
		require.Contains(t, plan, "SEARCH links USING INDEX "+c.index, "%s: %s", name, plan)
		require.NotContains(t, plan, "SCAN", name)
		require.NotContains(t, plan, "TEMP B-TREE", name)
	}
}

// BenchmarkHistory is 10,000 runs and 100,000 lines of the journal.
func BenchmarkHistory(b *testing.B) {
	l := manyRecords(b, filepath.Join(b.TempDir(), "ledger.db"), 10000)
	for name, ask := range map[string]func() error{
		"20 runs":  func() error { _, err := l.Runs(b.Context(), RunFilter{Limit: 20}); return err },
		"all runs": func() error { _, err := l.Runs(b.Context(), RunFilter{}); return err },
		"scope":    func() error { _, err := l.Runs(b.Context(), RunFilter{Scope: "scope3", Limit: 20}); return err },
		"run of changes": func() error {
			for _, err := range l.Entries(b.Context(), EntryFilter{Run: "r7"}) {
				return err
			}
			return nil
		},
		"verify": func() error { _, err := l.Verify(b.Context(), nil); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, ask())
			}
		})
	}
}

// BenchmarkAppendRun records and reads a million results.
func BenchmarkAppendRun(b *testing.B) {
	one := sampleResults(1000)
	r := reportOf(one)
	r.Results = func(yield func(*model.Result, error) bool) {
		for range 500 {
			for _, res := range one[:2000] {
				if !yield(res, nil) {
					return
				}
			}
		}
	}
	l, err := Open(b.Context(), filepath.Join(b.TempDir(), "ledger.db"))
	require.NoError(b, err)
	defer l.Close()
	var run Run
	b.Run("append", func(b *testing.B) {
		for b.Loop() {
			run, err = l.AppendRun(b.Context(), r, nil, model.VerdictFail, model.VerdictPolicy{}, nil)
			require.NoError(b, err)
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			got, done, err := l.Report(b.Context(), run.ID)
			require.NoError(b, err)
			for _, err := range got.Results {
				require.NoError(b, err)
			}
			require.NoError(b, done())
		}
	})
}
