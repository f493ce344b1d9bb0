package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	fixture "github.com/keyproof/keyproof/fixtures/aws"
)

// TestEngineScripts runs the transcripts of asking Athena and CloudTrail Lake, each
// with an embedded account of its own. The table audit.cloudtrail and the event data
// store $STORE answer for 2026-03-13, and for nothing else; audit.old is as AWS
// documented it years ago.
func TestEngineScripts(t *testing.T) {
	w := newEngineWorld(t)
	columns, list := rows()
	for _, question := range []string{askTable, askStore, askTable + " --region eu-west-1 --region us-east-1"} {
		w.answer(question, fixture.Answer{Columns: columns, Rows: list, Scanned: 5 << 30})
		counted, numbers := countRows()
		w.answer(question+" --counts", fixture.Answer{Columns: counted, Rows: numbers, Scanned: 5 << 30})
	}
	w.answer(strings.Replace(askTable, "2026-03-13 --until 2026-03-14", "2026-03-01", 1), fixture.Answer{Scanned: 400 << 30, Looks: 4})
	old := auditTable(t)
	old.Name, old.Partitions = "old", [][2]string{{"timestamp", "string"}}
	w.Tables = append(w.Tables, old)
	w.Workgroups = append(w.Workgroups, fixture.Workgroup{Name: "open", Output: "s3://acme-answers/"})
	w.set()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "engines"),
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_EC2_METADATA_DISABLED", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
				env.Setenv(name, os.Getenv(name))
			}
			env.Setenv("STORE", storeARN)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "nofiles": noFiles},
	})
}

// answer makes a question answered: the statement is that of --explain.
func (w *engineWorld) answer(question string, a fixture.Answer) {
	w.t.Helper()
	code, sql, stderr := w.run(question + " --explain")
	require.Zero(w.t, code, stderr)
	a.SQL = strings.TrimSuffix(sql, "\n")
	w.Answers = append(w.Answers, a)
}
