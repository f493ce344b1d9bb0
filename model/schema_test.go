package model

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

func compiled(t *testing.T, kind Kind) *jsonschema.Schema {
	t.Helper()
	raw, err := json.Marshal(AttributeSchema(kind))
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("attributes.json", doc))
	schema, err := c.Compile("attributes.json")
	require.NoError(t, err)
	return schema
}

// What the codec writes for known attributes is what the schema describes.
func TestAttributeSchema(t *testing.T) {
	for _, kind := range Kinds() {
		schema := compiled(t, kind)
		for n := range 9 {
			r := &Resource{ID: ResourceID{Kind: kind, ID: "a"}, Body: NewBody(kind)}
			i := 0
			for _, a := range r.Attributes() {
				set(a.(settable), StateKnown, n+i)
				i++
			}
			raw, err := json.Marshal(r)
			require.NoError(t, err)
			var written struct {
				Attributes map[string]any `json:"attributes"`
			}
			require.NoError(t, json.Unmarshal(raw, &written))
			require.Len(t, written.Attributes, len(Fields(kind)))
			require.NoError(t, schema.Validate(written.Attributes))
			written.Attributes["misspelt"] = true
			require.Error(t, schema.Validate(written.Attributes))
		}
	}
}

func TestAttributeSchemaTypes(t *testing.T) {
	props := AttributeSchema(KindSecret)["properties"].(map[string]any)
	require.Equal(t, map[string]any{"type": "boolean", "description": "automatic rotation is on"}, props["rotation_enabled"])
	require.Equal(t, map[string]any{"type": "string", "format": "date-time"}, props["created_at"])
	require.Equal(t, map[string]any{
		"type": "object", "additionalProperties": map[string]any{"type": "string"}, "description": "tags; {} when there are none",
	}, props["tags"])
	replica := props["replica_states"].(map[string]any)["items"].(map[string]any)
	require.Equal(t, []string{"region", "status"}, replica["required"])
	require.Equal(t, map[string]any{"type": "integer"}, replica["properties"].(map[string]any)["last_used_days_ago"])
	require.Contains(t, props, "policy_public", "embedded attributes too")
	schema := compiled(t, KindSecret)
	for _, bad := range []map[string]any{
		{"rotation_enabled": "yes"}, {"rotation_days": 1.5}, {"tags": []any{}}, {"name": nil},
		{"replicas": []any{map[string]any{"region": "a", "status": "InSync"}}},
		{"replica_states": []any{map[string]any{"region": "a"}}},
		{"versions": []any{map[string]any{"id": "a", "stages": []any{}, "value": "x"}}},
	} {
		require.Error(t, schema.Validate(bad), "%v", bad)
	}
}
