package trino

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/collectors/events"
)

// mapped is the row of an event data store: objects are maps of text there.
func mapped(raw []byte) Row {
	row := tableRow(raw)
	for _, name := range []string{"requestparameters", "responseelements", "additionaleventdata", "serviceeventdetails"} {
		text, ok := row[name]
		if !ok || !gjson.Parse(text).IsObject() {
			continue
		}
		m := map[string]any{}
		gjson.Parse(text).ForEach(func(k, v gjson.Result) bool {
			switch v.Type {
			case gjson.Null:
				m[k.String()] = nil
			case gjson.JSON:
				m[k.String()] = v.Raw
			default:
				m[k.String()] = v.String()
			}
			return true
		})
		list, _ := json.Marshal(m) // texts always can
		row[name] = Untyped(string(list))
	}
	return row
}

// named gives the fields of the struct the names that the query gives them.
func named(row Row) Row {
	for from, to := range map[string]string{
		"useridentity_type": "identitytype", "useridentity_principalid": "principalid", "useridentity_arn": "identityarn",
		"useridentity_accountid": "accountid", "useridentity_username": "username", "useridentity_invokedby": "invokedby",
		"useridentity_sessioncontext_sessionissuer_arn": "issuerarn", "useridentity_sessioncontext_attributes_mfaauthenticated": "mfaauthenticated",
	} {
		if v, ok := row[from]; ok {
			row[to] = v
		}
	}
	row["hasidentity"] = map[bool]string{true: "true", false: "false"}[row["useridentity"] != ""]
	return row
}

// TestRecord: every real record comes back from a row of Athena's table, and of an
// event data store, as the same event. Nothing of an event is lost but where it was
// read, which is not in the record:
//
//	Place  no engine knows the place of a record in its file; it is the number of the row
//	File   an event data store has no files; Athena says the object by "$path"
func TestRecord(t *testing.T) {
	seen := 0
	for name, records := range realRecords(t) {
		for _, raw := range records {
			want, err := events.Decode(raw)
			require.NoError(t, err)
			for shape, row := range map[string]Row{"athena": tableRow(raw), "lake": mapped(raw)} {
				got, err := events.Decode(Record(named(row)))
				require.NoError(t, err, "%s: %s: %s", shape, name, raw)
				require.Equal(t, want, got, "%s: %s: %s", shape, name, raw)
			}
			seen++
		}
	}
	require.Greater(t, seen, 3000)
}

func TestUntyped(t *testing.T) {
	for in, want := range map[string]string{
		`{"recoveryWindowInDays":"7","secretId":"7"}`:             `{"recoveryWindowInDays":7,"secretId":"7"}`,
		`{"addReplicaRegions":"[{\"region\":\"eu-west-1\"}]"}`:    `{"addReplicaRegions":[{"region":"eu-west-1"}]}`,
		`{"addReplicaRegions":"[{region=eu-west-1}]"}`:            `{"addReplicaRegions":"[{region=eu-west-1}]"}`,
		`{"policy":"{\"Version\":\"2012-10-17\",\"a\":\"<&>\"}"}`: `{"policy":"{\"Version\":\"2012-10-17\",\"a\":\"<&>\"}"}`,
		`{"a":null}`: `{"a":null}`, `null`: `null`, `5`: `5`, `no`: `no`,
	} {
		assert.Equal(t, want, Untyped(in))
	}
}

// TestBrokenColumns: what is no JSON where an object should be is refused, as it
// is in an archive, and never taken for nothing.
func TestBrokenColumns(t *testing.T) {
	for _, column := range []string{"requestparameters", "additionaleventdata", "responseelements", "serviceeventdetails", "resources"} {
		for _, text := range []string{"{", "text", `"text"`, "5", "[1"} {
			row := Row{"eventid": "e", "eventtime": "2026-03-13T00:00:00Z", "eventsource": "s", "eventname": "n", column: text}
			e, err := events.Decode(Record(row))
			if column == "resources" {
				require.NoError(t, err)
				_, known := e.Targets.Get()
				assert.False(t, known, text)
				continue
			}
			assert.ErrorContains(t, err, "is not an object", "%s %s", column, text)
		}
	}
}
