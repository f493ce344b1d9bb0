package evaluator

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

// TestParamTypes: whoever sets a parameter, it has the type that the rule
// declares. For each parameter of each real rule, its default is of that type as
// METADATA has it, as --param reads it, as a configuration file has it, and as
// the schema of the rule's input says.
func TestParamTypes(t *testing.T) {
	samples := map[string]any{"integer": 7, "string": "text", "boolean": true, "strings": []string{"a", "b"}}
	seen := map[string]int{}
	for _, r := range realJudge(t).Rules() {
		for name, p := range r.Params {
			where := fmt.Sprintf("%s.%s", r.ID, name)
			seen[p.Type]++
			assert.NotEmpty(t, p.Why, where)
			assert.Contains(t, samples, p.Type, where)
			assert.Equal(t, fmt.Sprintf("%T", samples[p.Type]), fmt.Sprintf("%T", p.Default), where)
			assert.True(t, hasType(p.Type, p.Default), where)
			typed, err := parseParam(p.Type, typedText(p.Default))
			assert.NoError(t, err, where)
			assert.Equal(t, p.Default, typed, where)
			assert.Equal(t, schemaType(t, p.Default), paramSchema(p.Type)["type"], where)
			for other, sample := range samples {
				assert.Equal(t, other == p.Type, hasType(p.Type, sample), "%s: a %s for a %s", where, other, p.Type)
			}
			set := model.Override{Set: map[string]any{name: samples[p.Type]}}
			rule := rule{Rule: model.Rule{ID: r.ID, Params: map[string]model.Param{name: p}}}
			assert.NoError(t, rule.configure(set), where)
			assert.Equal(t, samples[p.Type], rule.Params[name].Value, where)
		}
	}
	for typ := range samples {
		assert.Positive(t, seen[typ], "no rule has a parameter of the type %s", typ)
		assert.Contains(t, typeNames, typ)
	}
}

// typedText is a value as a user types it.
func typedText(v any) string {
	if list, ok := v.([]string); ok {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(v)
}

func schemaType(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	switch raw[0] {
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	default:
		return "integer"
	}
}
