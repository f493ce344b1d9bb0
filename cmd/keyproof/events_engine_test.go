package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events/athena"
	fixture "github.com/keyproof/keyproof/fixtures/aws"
)

const (
	storeARN = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef"
	askTable = "events read athena:audit.cloudtrail --workgroup audit --since 2026-03-13 --until 2026-03-14"
	askStore = "events read lake:" + storeARN + " --since 2026-03-13 --until 2026-03-14"
)

// engineWorld is the embedded account with engines that find nothing yet.
type engineWorld struct {
	t      *testing.T
	world  *fixture.World
	server *fixture.Server
	fixture.Engines
}

func newEngineWorld(t *testing.T) *engineWorld {
	t.Helper()
	world, server := startWorld(t)
	key := world.Credentials()[0]
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL(), "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": key.AccessKey, "AWS_SECRET_ACCESS_KEY": key.SecretKey,
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	w := &engineWorld{t: t, world: world, server: server}
	w.Workgroups = []fixture.Workgroup{{Name: "audit", Limit: 100 << 30, Output: "s3://acme-answers/"}, {Name: "primary"}}
	w.Stores = []fixture.EventDataStore{{ARN: storeARN, MultiRegion: true, Organization: true, Days: 2557, Created: scriptNow.AddDate(-1, 0, 0)}}
	w.Tables = []fixture.Table{auditTable(t)}
	w.set()
	return w
}

func (w *engineWorld) set() { w.world.SetEngines(w.Engines) }

// auditTable is the one that the statement of events ddl makes.
func auditTable(t *testing.T) fixture.Table {
	t.Helper()
	sql, err := athena.DDL{Database: "audit", Table: "cloudtrail", Bucket: "s3://acme-trail", Accounts: []string{demoAccount}, Regions: []string{"eu-west-1"}, Since: scriptNow}.SQL()
	require.NoError(t, err)
	made := fixture.Table{Database: "audit", Name: "cloudtrail", Partitions: [][2]string{{"account", "string"}, {"region", "string"}, {"day", "string"}}, Parameters: map[string]string{}}
	for line := range strings.Lines(sql) {
		if name, kind, ok := strings.Cut(strings.TrimSpace(line), "` "); ok && strings.HasPrefix(name, "`") {
			made.Columns = append(made.Columns, [2]string{name[1:], strings.TrimSuffix(kind, ",")})
		}
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "' = '"); ok {
			made.Parameters[name[1:]] = strings.TrimRight(value, "',")
		}
	}
	return made
}

func (w *engineWorld) run(command string) (code int, stdout, stderr string) {
	return w.runCtx(w.t.Context(), command)
}

func (w *engineWorld) runCtx(ctx context.Context, command string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, strings.Fields(command), system{getenv: os.Getenv, stdout: &out, stderr: &errs, now: func() time.Time { return scriptNow }, version: "test"})
	return code, out.String(), errs.String()
}

// rows are the answer to the query for events: two events that are relevant, and
// how many are not.
func rows() (columns []string, list [][]*string) {
	columns = []string{
		"account", "region", "kind", "records", "days", "file", "eventid", "eventtime", "eventsource", "eventname", "awsregion", "recipientaccountid",
		"eventtype", "readonly", "errorcode", "requestparameters", "resources", "hasidentity", "identitytype", "identityarn",
	}
	row := func(id, time, name, code, request string) []*string {
		return fixture.Values(demoAccount, "eu-west-1", "relevant", "1", "2026-03-13",
			"s3://acme-trail/AWSLogs/"+demoAccount+"/CloudTrail/eu-west-1/2026/03/13/"+demoAccount+"_CloudTrail_eu-west-1_20260313T1005Z_a.json.gz",
			id, time, "secretsmanager.amazonaws.com", name, "eu-west-1", demoAccount, "AwsApiCall", "true", code, request, "NULL", "true", "IAMUser",
			"arn:aws:iam::"+demoAccount+":user/ada")
	}
	list = append(list, append(fixture.Values(demoAccount, "eu-west-1", "irrelevant", "40000", "2026-03-13"), make([]*string, len(columns)-5)...),
		row("e1", "2026-03-13T10:00:00Z", "GetSecretValue", "NULL", `{"secretId":"db"}`),
		row("e2", "2026-03-13T11:00:00Z", "DeleteSecret", "AccessDenied", `{"secretId":"db","forceDeleteWithoutRecovery":true}`))
	return columns, list
}

// countRows are the answer to the query for numbers.
func countRows() (columns []string, list [][]*string) {
	columns = []string{"account", "region", "kind", "eventsource", "eventname", "principal", "target", "outcome", "records", "earliest", "latest", "days"}
	ada := "arn:aws:iam::" + demoAccount + ":user/ada"
	return columns, [][]*string{
		fixture.Values(demoAccount, "eu-west-1", "irrelevant", "NULL", "NULL", "NULL", "NULL", "NULL", "40000", "2026-03-13T00:00:00Z", "2026-03-13T23:00:00Z", "2026-03-13"),
		fixture.Values(demoAccount, "eu-west-1", "relevant", "secretsmanager.amazonaws.com", "GetSecretValue", ada, "db", "done", "1", "2026-03-13T10:00:00Z", "2026-03-13T10:00:00Z", "2026-03-13"),
		fixture.Values(demoAccount, "eu-west-1", "relevant", "secretsmanager.amazonaws.com", "DeleteSecret", ada, "db", "denied", "1", "2026-03-13T11:00:00Z", "2026-03-13T11:00:00Z", "2026-03-13"),
	}
}

// TestEngineSQL: the engines get the statement that --explain prints, word for
// word, and --explain makes no call at all.
func TestEngineSQL(t *testing.T) {
	w := newEngineWorld(t)
	for _, command := range []string{askTable, askStore, askTable + " --counts", askTable + " --region eu-west-1 --account " + demoAccount, askStore + " --counts"} {
		before := len(w.server.Calls())
		code, sql, stderr := w.run(command + " --explain")
		require.Equal(t, 0, code, stderr)
		assert.Empty(t, stderr)
		assert.Len(t, w.server.Calls(), before, "no call")
		columns, list := rows()
		if strings.Contains(command, "--counts") {
			columns, list = countRows()
		}
		w.Answers = []fixture.Answer{{SQL: strings.TrimSuffix(sql, "\n"), Columns: columns, Rows: list, Scanned: 5 << 30, Looks: 1}}
		w.set()
		code, stdout, stderr := w.run(command + " --output json")
		require.Equal(t, 0, code, stdout+stderr)
		started := w.world.Queries()
		require.Len(t, started, 1)
		assert.Equal(t, strings.TrimSuffix(sql, "\n"), started[0].SQL)
		var report struct {
			Records            map[string]int
			Engine             map[string]any
			Events, Principals []tally
			Targets            []tally
			Scopes             []map[string]any
		}
		require.NoError(t, json.Unmarshal([]byte(stdout), &report))
		assert.Equal(t, map[string]int{"in": 40002, "relevant": 2, "irrelevant": 40000, "refused": 0}, report.Records)
		assert.EqualValues(t, 5<<30, report.Engine["scanned_bytes"])
		assert.Equal(t, []tally{{Name: "secretsmanager.amazonaws.com DeleteSecret", Total: 1, Denied: 1}, {Name: "secretsmanager.amazonaws.com GetSecretValue", Total: 1, Done: 1}}, report.Events)
		assert.Equal(t, []tally{{Name: "arn:aws:iam::" + demoAccount + ":user/ada", Total: 2, Done: 1, Denied: 1}}, report.Principals)
		assert.Equal(t, []tally{{Name: "db", Total: 2, Done: 1, Denied: 1}}, report.Targets)
		assert.Len(t, report.Scopes, 1)
		assert.NotContains(t, report.Scopes[0], "gap")
	}
}

// TestEngineInterrupt: Ctrl-C stops the query that runs.
func TestEngineInterrupt(t *testing.T) {
	for _, command := range []string{askTable, askStore} {
		w := newEngineWorld(t)
		w.Answers = []fixture.Answer{{Looks: 1000, Scanned: 1 << 30}}
		w.set()
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			for len(w.world.Queries()) == 0 || w.world.Queries()[0].State != "RUNNING" {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		code, stdout, stderr := w.runCtx(ctx, command)
		assert.Equal(t, exitFailed, code)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, "was stopped")
		assert.Equal(t, "CANCELLED", w.world.Queries()[0].State)
	}
}

// TestEnginePolicy: asking takes the calls of permissions --events and no other; what
// else a session looks up may be denied.
func TestEnginePolicy(t *testing.T) {
	for engine, command := range map[string]string{"athena": askTable, "lake": askStore} {
		w := newEngineWorld(t)
		columns, list := rows()
		w.Answers = []fixture.Answer{{Columns: columns, Rows: list, Looks: 1}}
		w.set()
		w.server.SetFaults(fixture.Fault{Service: "account", Kind: fixture.Deny}, fixture.Fault{Service: "organizations", Kind: fixture.Deny})
		code, stdout, stderr := w.run(command)
		require.Equal(t, 0, code, stdout+stderr)
		policy, err := eventsPolicy(engine)
		require.NoError(t, err)
		allowed := map[string]bool{"sts:GetCallerIdentity": true, "account:ListRegions": true, "organizations:DescribeOrganization": true, "organizations:ListAccounts": true}
		for _, s := range policy {
			for _, action := range s.Action {
				allowed[action] = true
			}
		}
		for action := range w.server.Calls() {
			assert.True(t, allowed[action], action)
		}
	}
}

// TestScanWithEngine: a scan that names an engine asks it once, after it has read
// the account.
func TestScanWithEngine(t *testing.T) {
	w := newEngineWorld(t)
	columns, list := rows()
	w.Answers = []fixture.Answer{{Columns: columns, Rows: list, Looks: 1}}
	w.set()
	command := "scan --region eu-west-1 --no-ledger --no-rate-limit --events athena:audit.cloudtrail --workgroup audit --events-since 2026-03-13 --events-until 2026-03-14"
	code, _, stderr := w.run(command)
	require.Equal(t, 3, code, stderr)
	started := w.world.Queries()
	require.Len(t, started, 1)
	w.Answers = []fixture.Answer{{Columns: columns, Rows: list, Looks: 1}}
	w.set()
	code, _, quiet := w.run(command + " --quiet")
	require.Equal(t, 3, code, quiet)
	assert.Contains(t, started[0].SQL, `"day" >= '2026/03/12'`)
	assert.Contains(t, stderr, "query "+started[0].ID+" is done")
	assert.NotContains(t, quiet, "query")
}
