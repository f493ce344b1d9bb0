package reports_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/reports"
)

// node is the part of a schema that the tests look at.
type node struct {
	Enum       []any            `json:"enum"`
	Properties map[string]*node `json:"properties"`
	Required   []string         `json:"required"`
	Additional any              `json:"additionalProperties"`
	Defs       map[string]*node `json:"$defs"`
}

func readSchema(t *testing.T) node {
	t.Helper()
	var n node
	require.NoError(t, json.Unmarshal(reports.Schema(), &n))
	return n
}

// Every member of the model is in the schema and the other way round, so that
// neither grows alone.
func TestSchemaFollowsTheModel(t *testing.T) {
	defs := readSchema(t).Defs
	own := map[string][]string{ // what the format adds
		"rule": {"status", "counts"}, "framework": {"status", "counts"}, "control": {"status", "counts", "rules"},
	}
	for name, typ := range map[string]reflect.Type{
		"counts": reflect.TypeFor[model.Counts](), "unknown": reflect.TypeFor[model.Unknown](),
		"unknown_count": reflect.TypeFor[model.UnknownCount](), "resource_id": reflect.TypeFor[model.ResourceID](),
		"origin": reflect.TypeFor[model.Origin](), "scope": reflect.TypeFor[model.Scope](), "param": reflect.TypeFor[model.Param](),
		"remediation": reflect.TypeFor[model.Remediation](), "rule": reflect.TypeFor[model.Rule](), "control": reflect.TypeFor[model.Control](),
		"framework": reflect.TypeFor[model.Framework](), "finding": reflect.TypeFor[model.Finding](), "seen": reflect.TypeFor[model.Seen](), "result": reflect.TypeFor[model.Result](),
		"window": reflect.TypeFor[model.Window](), "where": reflect.TypeFor[model.Where](), "override": reflect.TypeFor[model.Override](), "off": reflect.TypeFor[model.Off](), "waiver": reflect.TypeFor[model.Waiver](),
	} {
		require.Contains(t, defs, name)
		all, required := members(typ)
		all, required = append(all, own[name]...), append(required, own[name]...)
		var described []string
		for p := range defs[name].Properties {
			described = append(described, p)
		}
		require.ElementsMatch(t, all, described, name)
		require.ElementsMatch(t, required, defs[name].Required, name)
		require.Equal(t, false, defs[name].Additional, name)
	}
}

// members are the JSON names of a struct, and those that are always written.
func members(t reflect.Type) (all, required []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			a, r := members(f.Type)
			all, required = append(all, a...), append(required, r...)
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		all = append(all, name)
		if option != "omitempty" && option != "omitzero" {
			required = append(required, name)
		}
	}
	return all, required
}

func TestSchemaKnowsAllWords(t *testing.T) {
	defs := readSchema(t).Defs
	require.Equal(t, words(model.Severities()), defs["severity"].Enum)
	require.Equal(t, words(model.Statuses()), defs["status"].Enum)
	require.ElementsMatch(t, append(words(model.RuleKinds()), string(model.KindWaiver), string(model.KindRule)), defs["kind"].Enum)
	require.Equal(t, words(model.Coverages()), defs["control"].Properties["coverage"].Enum)
}

func words[S ~string](in []S) (out []any) {
	for _, s := range in {
		out = append(out, string(s))
	}
	return out
}

func TestSchemaIsACopy(t *testing.T) {
	reports.Schema()[0] = 'x'
	require.Equal(t, byte('{'), reports.Schema()[0])
}
