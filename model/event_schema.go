package model

import "reflect"

// eventSchema is the JSON schema of a line that is an event.
func eventSchema() map[string]any {
	event := structSchema(reflect.TypeFor[wireEvent]())
	values := map[string]any{}
	for _, f := range eventFields() {
		s := TypeSchema(f.Type)
		s["type"] = []any{s["type"], "null"}
		if f.Doc != "" {
			s["description"] = f.Doc
		}
		values[f.Name] = s
	}
	props := event["properties"].(map[string]any)
	props["values"] = closed(values)
	props["unknown"] = map[string]any{"type": "array", "items": closed(map[string]any{
		"reason": map[string]any{"type": "string"}, "action": map[string]any{"type": "string"}, "detail": map[string]any{"type": "string"},
		"of": map[string]any{"type": "array", "items": map[string]any{"type": "string"}},
	}, "reason", "of")}
	return closed(map[string]any{"event": event}, "event")
}
