package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// fillLedger records two runs, three lines of the journal, and a pruning of the
// first run.
func fillLedger(t *testing.T, path string) []Run {
	t.Helper()
	l, err := Open(t.Context(), path)
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	l.Now = func() time.Time { return noon.AddDate(-1, 0, 0) }
	old := appendSample(t, l, "old")
	l.Now = func() time.Time { return noon }
	_, err = l.Prune(t.Context(), noon.AddDate(0, -1, 0), false)
	require.NoError(t, err)
	run := appendSample(t, l, "a", "b")
	for n := range 3 {
		require.NoError(t, l.Append(t.Context(), line("r", "c", model.StepStarted, n)))
	}
	lease, err := l.Acquire(t.Context(), "changes", "ann", time.Minute)
	require.NoError(t, err)
	require.NoError(t, lease.Renew(t.Context()))
	return []Run{old, run}
}

// copyLedger gives each case a ledger of its own to break.
func copyLedger(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Dir(from))))
	return filepath.Join(dir, filepath.Base(from))
}

// tamper changes the file as somebody would who has SQLite and knows the tables.
func tamper(t *testing.T, path string, queries ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	for _, q := range append([]string{"DROP TRIGGER links_stay", "DROP TRIGGER links_kept", "DROP TRIGGER bodies_stay"}, queries...) {
		_, err := db.ExecContext(t.Context(), q)
		require.NoError(t, err, q)
	}
}

func verify(t *testing.T, path string, anchor *Hash) (Verified, error) {
	t.Helper()
	l, err := OpenExisting(t.Context(), path)
	require.NoError(t, err)
	defer l.Close()
	return l.Verify(t.Context(), anchor)
}

func TestVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	runs := fillLedger(t, path)
	got, err := verify(t, path, &runs[0].Hash)
	require.NoError(t, err)
	require.Equal(t, Verified{Head: got.Head, Runs: 2, Lines: 3, Prunings: 1, Pruned: 1, Snapshots: 1}, got)
	require.Equal(t, 6, got.Head.Links)

	empty := newLedger(t)
	got, err = empty.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, Verified{}, got)
}

// TestTampering changes every column of every row of the record, whatever
// columns there are, and wants each change to be named by table and row.
func TestTampering(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	fillLedger(t, path)
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	columns, err := strings2(t.Context(), db, `SELECT t.name, c.name || ' ' || c.type FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT IN ('leases', 'sqlite_sequence')`) // a lease is no record, and ends by itself
	require.NoError(t, err)
	require.Len(t, columns, 11, "the tables of the record have so many columns")
	changed := 0
	for _, c := range columns {
		table := c[0]
		var column, typ string
		_, err := fmt.Sscan(c[1], &column, &typ)
		require.NoError(t, err)
		rows, err := strings2(t.Context(), db, fmt.Sprintf("SELECT rowid, rowid FROM %s", table))
		require.NoError(t, err)
		for _, row := range rows {
			set := map[string]string{
				"INTEGER": column + " + 1000", "TEXT": fmt.Sprintf("replace(%s, '2', '3')", column), "BLOB": fmt.Sprintf("CAST(substr(%s, 1, length(%s) - 1) || x'f7' AS BLOB)", column, column),
			}[typ]
			if column == "kind" {
				set = "CASE kind WHEN 'run' THEN 'change' ELSE 'run' END"
			}
			if table == "head" && column == "one" {
				continue // a constraint keeps it, and Verify reads no other row
			}
			t.Run(fmt.Sprintf("%s.%s row %s", table, column, row[0]), func(t *testing.T) {
				at := copyLedger(t, path)
				tamper(t, at, fmt.Sprintf("DROP INDEX runs_id; UPDATE %s SET %s = %s WHERE rowid = %s", table, column, set, row[0]))
				_, err := verify(t, at, nil)
				var broken *BrokenError
				require.ErrorAs(t, err, &broken)
				require.Equal(t, table, broken.Table, broken.Error())
			})
			changed++
		}
	}
	require.Equal(t, 50, changed)
}

func strings2(ctx context.Context, db *sql.DB, query string) (list [][2]string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var pair [2]string
		if err := rows.Scan(&pair[0], &pair[1]); err != nil {
			return nil, err
		}
		list = append(list, pair)
	}
	return list, rows.Err()
}

// TestTamperingWithCare is somebody who knows more: what Verify says of each.
func TestTamperingWithCare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	runs := fillLedger(t, path)
	snapshot := filepath.Join(filepath.Base(path)+".snapshots", runs[1].Snapshot.String()+snapshotSuffix)
	const cutOff = "DELETE FROM bodies WHERE seq = 6; DELETE FROM links WHERE seq = 6;"
	for name, c := range map[string]struct {
		sql    string
		files  func(t *testing.T, dir string)
		anchor bool
		want   string
	}{
		"a link is removed":          {sql: "DELETE FROM links WHERE seq = 4", want: "links, row 5: link 4 is missing before it"},
		"the first link is removed":  {sql: "DELETE FROM links WHERE seq = 1", want: "links, row 2: link 1 is missing"},
		"the last link is removed":   {sql: cutOff, want: "head, row 1: it says link 6"},
		"two links are swapped":      {sql: "UPDATE links SET seq = 99 WHERE seq = 4; UPDATE links SET seq = 4 WHERE seq = 5; UPDATE links SET seq = 5 WHERE seq = 99", want: "links, row 4: kind, record and hash"},
		"a link is added":            {sql: "INSERT INTO links VALUES (7, 'change', '{}', zeroblob(32))", want: "links, row 7: kind, record and hash"},
		"cut off, with the head":     {sql: cutOff + "UPDATE head SET seq = 5, hash = (SELECT hash FROM links WHERE seq = 5)", anchor: true, want: "none has the hash"},
		"a body is removed":          {sql: "DELETE FROM bodies WHERE seq = 5", want: "bodies, row 5: the body of link 5 is gone, and no pruning says so"},
		"the last body is removed":   {sql: "DELETE FROM bodies WHERE seq = 6", want: "bodies, row 6: the body of link 6 is gone"},
		"a part is removed":          {sql: "DELETE FROM bodies WHERE seq = 3 AND part = 1", want: "bodies, row 3 part 2: part 1 is missing"},
		"the last part is removed":   {sql: "DELETE FROM bodies WHERE seq = 3 AND part = 2", want: "bodies, row 3: the parts are not those"},
		"data with a hash that fits": {sql: "UPDATE bodies SET data = (SELECT data FROM bodies WHERE seq = 5), hash = (SELECT hash FROM bodies WHERE seq = 5) WHERE seq = 4", want: "bodies, row 4: the parts are not those"},
		"a pruned body is back":      {sql: "INSERT INTO bodies SELECT 1, part, data, hash FROM bodies WHERE seq = 3", want: "bodies, row 1: link 1 was pruned, and there is a body"},
		"a body of nothing":          {sql: "INSERT INTO bodies SELECT 99, part, data, hash FROM bodies WHERE seq = 4", want: "bodies, row 99 part 0: no link has such a body"},
		"the head is removed":        {sql: "DELETE FROM head", want: "read the head of the chain"},
		"a snapshot is removed":      {files: func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, snapshot))) }, want: "the file is gone, and run " + string(runs[1].ID) + " rests on it"},
		"a snapshot is changed": {files: func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, snapshot), nil, 0o600))
		}, want: "snapshots, row " + filepath.Base(snapshot) + ": the content has another hash"},
		"a new ledger in its place": {sql: "DELETE FROM bodies; DELETE FROM links; UPDATE head SET seq = 0, hash = zeroblob(32)", anchor: true, want: "none has the hash"},
	} {
		t.Run(name, func(t *testing.T) {
			at := copyLedger(t, path)
			if c.sql != "" {
				tamper(t, at, c.sql)
			}
			if c.files != nil {
				c.files(t, filepath.Dir(at))
			}
			var anchor *Hash
			if c.anchor {
				l, err := OpenExisting(t.Context(), path)
				require.NoError(t, err)
				head, err := l.Head(t.Context())
				require.NoError(t, err)
				require.NoError(t, l.Close())
				anchor = &head.Hash
			}
			_, err := verify(t, at, anchor)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestReadersNotice reads what was tampered with, without Verify.
func TestReadersNotice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	runs := fillLedger(t, path)
	for name, c := range map[string]struct{ sql, want string }{
		"results":  {"UPDATE bodies SET data = (SELECT data FROM bodies WHERE seq = 4) WHERE seq = 3 AND part = 2", "bodies, row 3 part 2: the data is not what was recorded"},
		"document": {"UPDATE bodies SET data = (SELECT data FROM bodies WHERE seq = 4) WHERE seq = 3 AND part = 0", "bodies, row 3 part 0: the data"},
		"hashes":   {"UPDATE bodies SET hash = (SELECT hash FROM bodies WHERE seq = 4) WHERE seq = 3 AND part = 2", "bodies, row 3: its parts are not"},
		"pruned":   {"DELETE FROM bodies WHERE seq = 3", "were pruned"},
	} {
		t.Run(name, func(t *testing.T) {
			at := copyLedger(t, path)
			tamper(t, at, c.sql)
			l, err := OpenExisting(t.Context(), at)
			require.NoError(t, err)
			defer l.Close()
			r, done, err := l.Report(t.Context(), runs[1].ID)
			if err == nil {
				for _, err = range r.Results {
				}
				require.NoError(t, done())
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestAppendOnly is somebody who changes the record by mistake.
func TestAppendOnly(t *testing.T) {
	l := newLedger(t)
	appendSample(t, l, "a")
	for _, q := range []string{"UPDATE links SET record = '{}'", "DELETE FROM links", "UPDATE bodies SET data = x'00'"} {
		_, err := l.db.ExecContext(t.Context(), q)
		require.ErrorContains(t, err, "append-only", q)
	}
}
