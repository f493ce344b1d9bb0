package trino

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
	"modernc.org/sqlite"
)

// engine runs the SQL for real, on SQLite, over records in the shape of the table.
// What SQLite cannot say is said in its words first: fields of the struct, two
// functions, and how a list is put together. Everything that decides which records
// count, and how they are counted, runs as it is.
type engine struct {
	t  *testing.T
	db *sql.DB
}

// tableColumns are the columns that come straight from the table.
var tableColumns = []string{
	"$path", "eventid", "eventtime", "eventsource", "eventname", "awsregion", "recipientaccountid", "eventtype", "readonly", "sourceipaddress",
	"useragent", "vpcendpointid", "sessioncredentialfromconsole", "errorcode", "errormessage", "requestparameters", "responseelements",
	"additionaleventdata", "serviceeventdetails", "resources", "useridentity", "useridentity_type", "useridentity_principalid", "useridentity_arn",
	"useridentity_accountid", "useridentity_username", "useridentity_invokedby", "useridentity_sessioncontext_sessionissuer_arn",
	"useridentity_sessioncontext_attributes_mfaauthenticated", "account", "region", "day",
}

func newEngine(t *testing.T) *engine {
	t.Helper()
	// Trino's json_extract_scalar: NULL for what is no JSON or no scalar.
	_ = sqlite.RegisterDeterministicScalarFunction("json_extract_scalar", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		text, ok := args[0].(string)
		if !ok || !gjson.Valid(text) {
			return nil, nil
		}
		at := strings.NewReplacer("$[", "", "]", "", "$.", "").Replace(args[1].(string))
		v := gjson.Get(text, at)
		if !v.Exists() || v.IsObject() || v.IsArray() || v.Type == gjson.Null {
			return nil, nil
		}
		return v.String(), nil
	}) // again for each test: it is there already
	db, err := sql.Open("sqlite", ":memory:")
	require.NoError(t, err)
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	t.Cleanup(func() { _ = db.Close() })
	names := make([]string, len(tableColumns))
	for i, c := range tableColumns {
		names[i] = Name(c)
	}
	for _, statement := range []string{
		"PRAGMA case_sensitive_like = ON", // as it is in Trino
		"CREATE TABLE logs (" + strings.Join(names, ", ") + ")",
	} {
		_, err = db.Exec(statement)
		require.NoError(t, err)
	}
	return &engine{t, db}
}

// insert adds a record as the table's SerDe shows it: columns by name whatever
// the case, objects as JSON text.
func (e *engine) insert(path string, raw []byte) {
	e.t.Helper()
	row := tableRow(raw)
	row["$path"] = "s3://bucket/" + path
	parts := strings.Split(path, "/")
	if len(parts) > 6 {
		row["account"], row["region"], row["day"] = parts[1], parts[3], strings.Join(parts[4:7], "/")
	}
	values, marks := make([]any, len(tableColumns)), make([]string, len(tableColumns))
	for i, c := range tableColumns {
		marks[i] = "?"
		if v, ok := row[c]; ok {
			values[i] = v
		}
	}
	_, err := e.db.Exec("INSERT INTO logs VALUES ("+strings.Join(marks, ", ")+")", values...)
	require.NoError(e.t, err)
}

// tableRow is a record as the columns of the documented table.
func tableRow(raw []byte) Row {
	row := Row{}
	gjson.ParseBytes(raw).ForEach(func(name, v gjson.Result) bool {
		column := strings.ToLower(name.String())
		switch {
		case v.Type == gjson.Null:
		case column == "resources":
			arns := []any{}
			v.ForEach(func(_, r gjson.Result) bool {
				arn := r.Get("ARN")
				if !arn.Exists() {
					arn = r.Get("arn")
				}
				arns = append(arns, arn.Value())
				return true
			})
			list, _ := json.Marshal(arns) // texts always can
			row[column] = string(list)
		case column == "useridentity":
			row[column] = v.Raw
			for _, field := range []string{"type", "principalId", "arn", "accountId", "userName", "invokedBy", "sessionContext.sessionIssuer.arn", "sessionContext.attributes.mfaAuthenticated"} {
				if f := v.Get(field); f.Exists() && f.Type != gjson.Null {
					row["useridentity_"+strings.ToLower(strings.ReplaceAll(field, ".", "_"))] = f.String()
				}
			}
		case v.IsObject() || v.IsArray():
			row[column] = v.Raw
		default:
			row[column] = v.String()
		}
		return true
	})
	return row
}

var field = regexp.MustCompile(`useridentity\.[a-z.]+`)

func (e *engine) words(query string) string {
	query = field.ReplaceAllStringFunc(query, func(s string) string { return strings.ReplaceAll(s, ".", "_") })
	return strings.NewReplacer(
		"json_format(CAST(transform(resources, r -> r.arn) AS JSON))", "resources",
		"array_join(array_agg(DISTINCT day), ',')", "group_concat(DISTINCT day)",
	).Replace(query)
}

// run answers a query.
func (e *engine) run(query string) []Row {
	e.t.Helper()
	rows, err := e.db.Query(e.words(query))
	require.NoError(e.t, err, query)
	defer rows.Close()
	names, err := rows.Columns()
	require.NoError(e.t, err)
	var list []Row
	for rows.Next() {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		require.NoError(e.t, rows.Scan(to...))
		row := Row{}
		for i, v := range values {
			if v != nil {
				row[names[i]] = fmt.Sprint(v)
			}
		}
		list = append(list, row)
	}
	require.NoError(e.t, rows.Err())
	return list
}
