package evaluator

import "github.com/keyproof/keyproof/model"

// InputSchema is the JSON schema of the input of rules on a kind.
func InputSchema(kind model.Kind, params map[string]model.Param) map[string]any {
	resource := model.AttributeSchema(kind)
	for name := range identity(kind) {
		resource["properties"].(map[string]any)[name] = map[string]any{"type": "string"}
	}
	related := map[string]any{}
	for _, role := range roles(kind) {
		doc := model.AttributeSchema(role.to)
		doc["properties"].(map[string]any)["exists"] = map[string]any{
			"type":        "boolean",
			"description": "false when the reference names something that a complete list did not hold",
		}
		related[role.name] = doc
	}
	if kinds := users(kind); len(kinds) > 0 {
		used := map[string]any{}
		for _, k := range kinds {
			used[string(k)] = map[string]any{"type": "boolean", "description": "a " + string(k) + " of the scan refers to it"}
		}
		related["used_by"] = object(used)
	}
	ps := map[string]any{}
	for name, p := range params {
		ps[name] = paramSchema(p.Type)
	}
	return object(map[string]any{"resource": resource, "related": object(related), "params": object(ps)})
}

func object(props map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": props, "additionalProperties": false}
}

func paramSchema(typ string) map[string]any {
	if typ == "strings" {
		return map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	}
	return map[string]any{"type": typ}
}
